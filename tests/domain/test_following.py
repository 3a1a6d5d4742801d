"""What staff record after a vote: what is kept of it, and what is refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from server.consultations import following
from server.consultations.answers import MOST_ANSWERS, MOST_FORMER, Answer, Former
from server.consultations.consultation import Consultation, Proposal
from server.consultations.endorsements import MOST_ENDORSEMENTS, Endorsement
from server.consultations.entries import read
from server.consultations.entry_parts import SELECTED, WORKSHOP
from server.consultations.errors import Refusal, WordingRefused
from server.consultations.kinds import Kind
from server.consultations.results import Counts
from server.consultations.scores import Zone
from server.consultations.selection import MOST_SELECTED, Selected
from server.consultations.shortlist import shortlist
from server.consultations.standings import Standing
from server.consultations.telling import told
from server.consultations.workshops import MOST_WORKSHOPS, Workshop

PARIS = ZoneInfo("Europe/Paris")
CLOSES = datetime(2027, 2, 9, 23, 30, tzinfo=PARIS)
ASKED = Consultation(
    "c", "sommeil", "Comment mieux dormir ?", "fr", CLOSES - timedelta(days=30), CLOSES,
    kind=Kind.CITIZENS_QUESTION,
)  # fmt: skip
KNOWN = range(1, 999)
LATER = CLOSES + timedelta(days=9)
TODAY = LATER.date()


def refusal(act: Callable[[], object]) -> tuple[str, str | None]:
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.code, refused.value.extra.get("reason")


def select(asked: Consultation, *chosen: Selected, now: datetime = LATER) -> Consultation:
    return following.selected(asked, chosen, KNOWN, now)


def test_proposals_are_selected_from_the_close_on_each_once_in_its_place() -> None:
    asked = select(ASKED, Selected(7, TODAY, "Parce que"), Selected(3, TODAY))
    asked = select(asked, Selected(5, TODAY), Selected(7, TODAY, "Autrement"))
    assert [(one.proposal, one.reason) for one in asked.selected] == [
        (7, "Autrement"),
        (3, None),
        (5, None),
    ]
    assert [one.proposal for one in following.unselected(asked, 3).selected] == [7, 5]


def test_a_selection_is_refused_where_it_cannot_be() -> None:
    before = CLOSES - timedelta(seconds=1)
    one = Selected(1, TODAY)
    assert refusal(lambda: select(ASKED, one, now=before)) == ("selection-refused", "open")
    for day in (date(2027, 2, 8), TODAY + timedelta(days=1)):
        odd = Selected(1, day)
        assert refusal(lambda odd=odd: select(ASKED, odd)) == ("selection-refused", "day")
    many = [Selected(number, TODAY) for number in range(1, MOST_SELECTED + 2)]
    assert refusal(lambda: select(ASKED, *many)) == ("selection-refused", "many")
    assert len(select(ASKED, *many[1:]).selected) == MOST_SELECTED
    assert refusal(lambda: select(ASKED, Selected(9999, TODAY)))[0] == "proposal-unknown"
    assert refusal(lambda: following.unselected(ASKED, 1))[0] == "proposal-unknown"


def test_the_day_is_that_of_the_consultations_own_clock() -> None:
    """Half past eleven in the evening in Paris; elsewhere the next day has begun, or not yet."""
    asked = select(ASKED, Selected(1, date(2027, 2, 9)), now=CLOSES.astimezone(UTC))
    assert asked.selected[0].on == date(2027, 2, 9)


def test_what_was_selected_can_be_told_anew_though_readers_no_longer_see_it() -> None:
    asked = following.selected(ASKED, [Selected(1, TODAY)], {1}, LATER)
    again = following.selected(asked, [Selected(1, TODAY, "Mieux dit")], {2}, LATER)
    assert again.selected == (Selected(1, TODAY, "Mieux dit"),)


def workshop(**given: object) -> Workshop:
    return replace(Workshop(0, "Atelier", TODAY, ("RMC",), (1, 2)), **given)  # type: ignore[arg-type]


def test_workshops_are_numbered_and_stand_by_their_day() -> None:
    asked = following.with_workshop(ASKED, workshop(), KNOWN)
    asked = following.with_workshop(asked, workshop(on=TODAY - timedelta(days=1)), KNOWN)
    assert [one.id for one in asked.workshops] == [2, 1]
    assert following.with_workshop(asked, workshop(), KNOWN) == asked, "sent twice, held once"
    assert [one.id for one in following.workshop_removed(asked, 2).workshops] == [1]


def test_a_workshop_is_changed_by_who_read_it_as_it_is() -> None:
    asked = following.with_workshop(ASKED, workshop(), {1, 2})
    read_ = asked.workshops[0].version
    new = workshop(id=1, outcome="Dix idées", proposals=(1, 3))
    assert refusal(lambda: following.workshop_changed(asked, new, {2}))[0] == "proposal-unknown"
    changed = following.workshop_changed(asked, new, {3}, read_)  # 1 is gone since, and stays
    assert changed.workshops == (new,)
    mine = workshop(id=1, title="Le mien")
    stale = refusal(lambda: following.workshop_changed(changed, mine, KNOWN, read_))
    assert stale[0] == "changed-meanwhile"
    gone = refusal(lambda: following.workshop_changed(changed, workshop(id=9), KNOWN))
    assert gone[0] == refusal(lambda: following.workshop_removed(ASKED, 1))[0] == "workshop-unknown"


def test_no_list_grows_without_end() -> None:
    asked = ASKED
    for number in range(MOST_WORKSHOPS):
        asked = following.with_workshop(asked, workshop(title=f"n° {number}"), KNOWN)
    many = refusal(lambda: following.with_workshop(asked, workshop(title="Encore"), KNOWN))
    assert many == ("workshop-refused", "many")
    full = tuple(Endorsement(f"ONG {n}", TODAY) for n in range(MOST_ENDORSEMENTS))
    asked = replace(ASKED, endorsements=full)
    more = refusal(lambda: following.endorsed(asked, Endorsement("Encore", TODAY), KNOWN))
    assert more == ("endorsement-refused", "many")
    known = tuple(answer(number) for number in range(2, MOST_ANSWERS + 2))
    asked = replace(ASKED, answers=known)
    assert refusal(lambda: asked.answered(answer(1), KNOWN, TODAY)) == ("answer-refused", "many")
    assert asked.answered(answer(2, "Autre"), KNOWN, TODAY).answers[0].text == "Autre"


def test_an_organisation_backs_a_thing_once_and_counts_apart() -> None:
    asked = following.endorsed(ASKED, Endorsement("Une ONG", TODAY), KNOWN)
    asked = following.endorsed(asked, Endorsement("Une ONG", TODAY, 3), KNOWN)
    linked = Endorsement("UNE  ong", TODAY, None, "https://ong.example/")
    asked = following.endorsed(asked, linked, KNOWN)
    assert asked.endorsements == (linked, Endorsement("Une ONG", TODAY, 3))
    assert following.unendorsed(asked, linked.handle).endorsements == asked.endorsements[1:]
    assert refusal(lambda: following.unendorsed(asked, "0" * 12))[0] == "endorsement-unknown"
    odd = refusal(lambda: following.endorsed(asked, Endorsement("X", TODAY, 9999), KNOWN))
    assert odd[0] == "proposal-unknown"


def answer(number: int, text: str = "Oui", **given: object) -> Answer:
    return Answer(number, "La ministre", date(2027, 3, 1), text, **given)  # type: ignore[arg-type]


def test_a_correction_keeps_what_stood_there_and_until_when() -> None:
    asked = ASKED.answered(answer(1), KNOWN, TODAY)
    asked = asked.answered(answer(1, office="ministre"), KNOWN, TODAY)
    assert asked.answers == (answer(1, office="ministre"),), "the text is the same"
    asked = asked.answered(answer(1, "Oui."), KNOWN, TODAY)
    asked = asked.answered(answer(1, "Non."), KNOWN, TODAY + timedelta(days=1))
    assert asked.answers[0].former == (
        Former("Oui", TODAY),
        Former("Oui.", TODAY + timedelta(days=1)),
    )
    for number in range(MOST_FORMER - 2):
        asked = asked.answered(answer(1, f"n° {number}"), KNOWN, TODAY)
    again = refusal(lambda: asked.answered(answer(1, "Encore"), KNOWN, TODAY))
    assert again == ("answer-refused", "corrected")
    assert refusal(lambda: replace(ASKED, kind=Kind.CONSULTATION).answered(answer(1), KNOWN, TODAY))


def test_the_trail_is_told_only_what_differs_of_an_entry() -> None:
    """Long texts are cut around the difference: a line of the trail holds 500 characters."""
    long = "Oui, nous ouvrirons des salles de sieste. " * 20
    asked = ASKED.answered(answer(1, long + "Bientôt."), KNOWN, TODAY)
    corrected = asked.answered(answer(1, long + "Demain."), KNOWN, TODAY)
    (line,) = told(asked, corrected)
    assert line.startswith("answers: 1: text …")
    assert "Bientôt. → …" in line
    assert line.endswith("Demain.")
    assert len(line) < 200
    asked = following.with_workshop(ASKED, workshop(), KNOWN)
    new = workshop(id=1, partners=("RMC", "BFM"), outcome="Dix idées")
    (line,) = told(asked, following.workshop_changed(asked, new, KNOWN))
    assert line == "workshops: 1: partners – → BFM; outcome – → Dix idées"
    (line,) = told(ASKED, select(ASKED, Selected(7, TODAY, "Parce que")))
    assert line == "selected: – → 7 2027-02-18 Parce que"


def test_an_entry_is_read_with_every_fault_and_printed_as_its_language() -> None:
    given = {"on": " 2027-03-01 ", "reason": "C'est  la\nplus soutenue !"}
    assert read(SELECTED, given, "fr") == {
        "on": date(2027, 3, 1),
        "reason": "C’est la plus soutenue\u202f!",
    }
    odd = {"title": "", "on": "hier", "proposals": ["x"], "partners": ["X"] * 25, "link": "a.fr"}
    with pytest.raises(WordingRefused) as refused:
        read(WORKSHOP, {**odd, "outcome": "x" * 1001}, "fr")
    assert [one["field"] for one in refused.value.extra["errors"]] == [
        "title", "on", "partners", "proposals", "outcome", "link",
    ]  # fmt: skip


def standing(number: int, agree: int, disagree: int, linked: int = 0) -> Standing:
    asked = (agree, disagree, 0, *[0] * 9)
    counts = Counts((agree + linked, disagree, 0, *[0] * 9), asked)
    return Standing(Proposal(number, f"Il faut n° {number}", "fr"), counts)


def test_the_shortlist_is_by_what_readers_who_were_asked_say_at_the_least() -> None:
    """Three of three lead nothing, and a crowd that came by a link moves nobody up."""
    found = shortlist(
        [standing(1, 3, 0), standing(2, 60, 40, linked=500), standing(3, 85, 15)], most=3
    )
    assert [(one.rank, one.number) for one in found] == [(1, 3), (2, 2), (3, 1)]
    best, second, new = found
    assert (best.agree, best.votes, best.asked, best.zone) == (0.85, 100, 100, Zone.CONSENSUS)
    assert (second.agree, second.votes, second.asked) == (0.6, 600, 100)
    assert (new.zone, shortlist([standing(4, 0, 9)])) == (None, [])
