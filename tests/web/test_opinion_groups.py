"""Opinion groups on a page: when everybody may see them, and what stands there."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from flask import Flask, render_template

from server.consultations.ballots import Vote
from server.consultations.consultation import Consultation, ResultsRule
from server.consultations.opinion_groups import Group, OpinionGroups, Stand, read, written
from server.web.messages import written as languages
from server.web.opinion_groups import View, view
from server.web.service import service
from tests.conftest import consultation, proposals

NOW = datetime.now(UTC)
AGREE, DISAGREE = Vote.AGREE, Vote.DISAGREE
FOUND = OpinionGroups(
    as_of=int(NOW.timestamp() * 1000),
    revision=9,
    people=5000,
    proposals=200,
    sampled=True,
    small=True,
    groups=(
        Group(2412, (Stand(1, AGREE, (84, 16, 30)), Stand(2, DISAGREE, (77, 8, 12)))),
        Group(1500, (Stand(3, AGREE, (11, 87, 20)),)),
        Group(90, ()),
    ),
    united=(Stand(4, AGREE, (91, 95, 88)),),
    divided=(Stand(1, AGREE, (84, 16, 30)),),
)
ACCEPTED = {one.id: one for one in proposals()}


def asked(**fields: object) -> Consultation:
    return consultation(**{"results": ResultsRule.ALWAYS, **fields})


def shown(found: OpinionGroups = FOUND) -> View:
    made = view(found, asked(), ACCEPTED, NOW)
    assert made
    return made


def page(app: Flask, made: View | None, lang: str = "fr") -> str:
    with app.test_request_context():
        return render_template(
            "groups.html", groups=made, speech=languages()[lang], asset=service().assets.url
        )


def text(drawn: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", drawn)).split())


@pytest.mark.parametrize("rule", [ResultsRule.AFTER_VOTE, ResultsRule.AT_CLOSE])
def test_before_the_close_they_are_for_all_or_for_nobody(rule: ResultsRule) -> None:
    """They tell of proposals that a reader has not voted on."""
    made = asked(results=rule)
    assert view(FOUND, made, ACCEPTED, NOW) is None
    assert view(FOUND, made, ACCEPTED, made.closes + timedelta(seconds=1))
    assert view(FOUND, asked(), ACCEPTED, NOW)


def test_nothing_stands_where_there_are_none(app: Flask) -> None:
    assert view(None, asked(), ACCEPTED, NOW) is None
    assert view(replace(FOUND, groups=()), asked(), ACCEPTED, NOW) is None
    assert page(app, None).strip() == ""


def test_what_was_taken_from_readers_since_is_left_out() -> None:
    fewer = {number: one for number, one in ACCEPTED.items() if number != 1}
    made = view(FOUND, asked(), fewer, NOW)
    assert made
    assert made.divided == ()
    assert [line.proposal.id for line in made.groups[0].lines] == [2]
    assert 1 not in {line.proposal.id for line in made.table}


def test_five_lines_are_shown_of_ten_that_are_kept() -> None:
    """The next ones take the place of what was taken from readers."""
    kept = tuple(Stand(number, AGREE, (90, 80, 70)) for number in range(1, 11))
    found = replace(FOUND, united=kept)
    fewer = {number: one for number, one in ACCEPTED.items() if number != 2}
    for accepted, told in ((ACCEPTED, [1, 2, 3, 4, 5]), (fewer, [1, 3, 4, 5, 6])):
        made = view(found, asked(), accepted, NOW)
        assert made
        assert [line.proposal.id for line in made.united] == told


@pytest.mark.parametrize("lang", sorted(languages()))
def test_where_no_line_can_be_drawn_the_page_says_so(app: Flask, lang: str) -> None:
    found = replace(FOUND, people=138, groups=(), united=(), divided=(), blurred=True)
    assert read(written(found)) == found
    drawn = page(app, shown(found), lang)
    said = text(drawn)
    assert "138" in said
    assert "7" in said
    assert "<table>" not in drawn
    assert 'class="letter' not in drawn


def test_the_page_says_what_groups_are_not(app: Flask) -> None:
    said = text(page(app, shown()))
    assert "entre deux groupes, les opinions peuvent passer par degrés" in said
    assert said.count("n’est pas toujours ce qui compte le plus pour lui") == 2, (
        "under each that has lines"
    )


def test_what_was_kept_by_an_older_version_is_read() -> None:
    assert read(written(FOUND).replace('"blurred":false,', "")) == FOUND


def test_groups_have_letters_sizes_and_what_they_say(app: Flask) -> None:
    said = text(page(app, shown()))
    assert "Groupe A · 2 412 personnes" in said.replace("\u202f", " ")
    assert "Groupe C · 90 personnes" in said
    assert "tirées au sort" in said
    assert "trop petits pour être montrés" in said
    assert "Rien ne le distingue nettement." in said
    assert "Aucun chiffre ne porte sur moins de 20 personnes." in said
    plain = text(page(app, shown(replace(FOUND, sampled=False, small=False))))
    assert "tirées au sort" not in plain
    assert "trop petits" not in plain


def test_every_bar_has_its_number_and_stands_in_the_table(app: Flask) -> None:
    drawn = page(app, shown())
    chart, table = drawn.split("<table>")
    bars = re.findall(r'width="(\d+)" height="8" fill="currentColor"/>.*?number">(\d+)', chart)
    assert len(bars) == 5 * 3
    assert all(width == number for width, number in bars)
    rows = re.findall(r"<tr><th scope=\"row\".*?</tr>", table)
    assert len(rows) == 4, "each proposal once"
    for line in shown().table:
        (row,) = [row for row in rows if line.proposal.text + "<" in row]
        assert re.findall(r'number">(\d+)', row) == [str(share) for _, share in line.shares]


@pytest.mark.parametrize("lang", sorted(languages()))
def test_the_part_needs_no_style_or_script_of_its_own(app: Flask, lang: str) -> None:
    drawn = page(app, shown(), lang)
    assert not re.search(r"\sstyle=|<script|<style|https?:", drawn)
    assert not re.search(r"\{\w+\}", drawn)


def test_texts_of_readers_stay_texts(app: Flask) -> None:
    accepted = {n: replace(one, text="<b>Il faut & voir</b>") for n, one in ACCEPTED.items()}
    made = view(FOUND, asked(), accepted, NOW)
    assert "<b>" not in page(app, made)


def test_what_is_kept_is_read_again_and_anything_else_is_none() -> None:
    assert read(written(FOUND)) == FOUND
    for wrong in ("", "null", "[]", "{}", '{"as_of":"x"}', written(FOUND).replace("agree", "?")):
        assert read(wrong) is None
