"""A dossier: frozen when it is published, complete, and the same for ever."""

import re
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from xml.etree import ElementTree

import pytest
from flask import Flask
from PIL import Image

from server.consultations.actions import Action
from server.consultations.answers import Answer
from server.consultations.ballots import Ballot, Trust, Vote
from server.consultations.consultation import Consultation, ProposalState
from server.consultations.endorsements import Endorsement
from server.consultations.errors import DossierRefused
from server.consultations.kinds import Kind
from server.consultations.selection import Selected
from server.settings import Settings
from server.staff.acts import by_operator
from server.store import keys
from server.store.ballots import Wish
from server.store.dossiers import Dossier
from server.store.store import Store
from server.teller.figures import Bookkeeping
from server.web.dossiers import Subject, compose
from server.web.service import NAME
from server.web.shelf import KEPT_NAME
from tests.conftest import consultation, proposals
from tests.minutes.conftest import KEY, closing, content
from tests.store.casting import BFM, RMC, cast
from tests.web.conftest import code
from tests.web.test_opinion_groups import FOUND

AT = "/c/reinventer-le-travail/dossier"
pytestmark = pytest.mark.one_server  # how it is kept is tested on a cluster too


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, signing_key=KEY, drafts=("de", "ar"))


@pytest.fixture
def over(store: Store, opened: Consultation, settings: Settings) -> Consultation:
    """Closed, counted, with minutes: 40 voters agree with proposal 5, half of them by BFM."""
    for number in range(40):
        source = RMC if number % 2 else BFM
        cast(store, opened, f"v{number}", 5, source=source)
        cast(store, opened, f"v{number}", 7, [Vote.AGREE, Vote.DISAGREE][number % 2], source)
        cast(store, opened, f"v{number}", 9, Vote.DISAGREE, source)
    closed, today = close(store, opened, settings), datetime.now(UTC).date()
    promise = Action(1, "Des horaires choisis", "Une ONG", "Mille personnes", today)
    kept = replace(closed, selected=(Selected(5, today, "La plus soutenue"),), actions=(promise,))
    store.consultations.replace(kept)
    return kept


def made(app: Flask, *over: Consultation, version: int = 1) -> Dossier:
    one, *others = over
    subject = Subject.operation("radio", over) if others else Subject.consultation(one)
    with app.test_request_context():
        app.extensions[NAME].directory.forget()
        return compose(subject, version, datetime.now(UTC))


def published(app: Flask, store: Store, over: Consultation, version: int = 1) -> Dossier:
    found = made(app, over, version=version)
    assert store.dossiers.append(over.id, found, by_operator("dossier-published", over.slug))
    return found


def test_it_says_what_the_votes_said_and_what_came_of_them(
    app: Flask, store: Store, over: Consultation
) -> None:
    found = made(app, over)
    minutes = sha256(content(store, over)).hexdigest()
    for said in (
        over.question, "<dd>40</dd>", "<dd>120</dd>", "La plus soutenue", "Des horaires choisis",
        "Aucun vote n’a été mis à part.", "ne forment pas un échantillon", minutes,
        f"http://localhost:8000{AT}/1</p>",
    ):  # fmt: skip
        assert said in found.html, said
    supported = found.html[found.html.index("Les plus soutenues") :]
    assert "numéro 5" in supported[: supported.index("Les plus discutées")]
    assert "numéro 9" not in supported[: supported.index("Les plus discutées")]


def test_what_was_set_aside_is_said_in_the_document_and_in_every_chart(
    app: Flask, store: Store, opened: Consultation, settings: Settings
) -> None:
    """Ballots that weigh nothing are in no share, and their number is no secret."""
    for number in range(30):
        cast(store, opened, f"v{number}", 5)
    for number in range(7):
        wish = Wish(5, Ballot(Vote.DISAGREE), Trust.UNVERIFIED, RMC, braked=False)
        store.ballots.cast(opened, 0, f"m{number}", wish)
    found = made(app, close(store, opened, settings))
    told = "7 votes ont été mis à part"
    assert told in found.html
    assert all(told in text_of(svg) for svg in found.charts.values())
    assert "100\u202f% (89 à 100)" in found.html, "the seven are in no share"


def test_votes_by_a_link_that_stand_apart_and_those_on_what_was_taken_down_are_told(
    app: Flask, store: Store, opened: Consultation, settings: Settings
) -> None:
    for number in range(30):
        cast(store, opened, f"v{number}", 5)
        cast(store, opened, f"v{number}", 6)
        wish = Wish(5, Ballot(Vote.DISAGREE), Trust.TRUSTED, RMC, braked=False)
        for name in (f"l{number}", f"m{number}"):
            store.ballots.cast(opened, 0, name, wish)
    over = close(store, opened, settings)
    before = made(app, over)
    apart = "Non comptés ici\u202f: 60 votes venus par un lien."
    assert before.html.count(apart) == 2 + 1, "in the summary, in the chart and in the table"
    assert "60 votes venus par un lien" in text_of(before.charts["agreement"])
    assert "propositions retirées" not in before.html
    taken = replace(store.consultations.proposals(over)[5], state=ProposalState.REFUSED)
    store.consultations.add_proposals(over, [taken])
    html = made(app, over).html
    assert "<dd>120</dd>" in html
    assert "comprend 30 votes sur des propositions retirées" in html


def test_opinion_groups_are_in_it_once_they_were_found(
    app: Flask, store: Store, over: Consultation
) -> None:
    told = "k-moyennes"
    assert "Groupe A" not in made(app, over).html
    before = int(over.closes.timestamp() * 1000) - 1  # found in fewer votes
    store.published.publish_groups(over, replace(FOUND, as_of=before))
    assert "Groupe A" not in made(app, over).html
    now = store.clock.now()
    store.published.publish_groups(over, replace(FOUND, groups=(), blurred=True, as_of=now))
    assert 'class="sheet groups"' not in (without := made(app, over).html)
    assert told not in without
    store.published.publish_groups(over, replace(FOUND, as_of=now))
    html = made(app, over).html
    assert html.count(told) == 1, "among the methods"
    section = html[html.index('class="sheet groups"') :].partition("</section>")[0]
    assert "2\u202f412" in section
    assert section.count("<tr>") == 1 + 4, "each line once, under its head"
    assert "stylesheet" not in html, "the document needs no other file"


def test_a_chart_goes_about_alone_with_all_that_tells_what_it_shows(
    app: Flask, over: Consultation
) -> None:
    found = made(app, over)
    assert list(found.charts)[:2] == ["agreement", "map"]
    for svg in found.charts.values():
        said = text_of(svg)
        for part in (over.question, "40 participants", "120 votes", "échantillon", f"{AT}/1"):
            assert part in said, part


def test_before_the_minutes_and_the_count_nothing_is_composed(
    app: Flask, store: Store, opened: Consultation, settings: Settings
) -> None:
    cast(store, opened, "nora")
    with pytest.raises(DossierRefused, match="no minutes"):
        made(app, opened)
    closed = opened.closed(datetime.now(UTC) - timedelta(seconds=1))
    store.consultations.replace(closed)
    with pytest.raises(DossierRefused, match="no minutes"):
        made(app, closed)
    closing(store, settings, lambda: datetime.now(UTC)).turn()
    with pytest.raises(DossierRefused, match="being counted"):
        made(app, closed)


def test_figures_that_are_not_those_of_the_minutes_are_not_frozen(
    app: Flask, store: Store, over: Consultation
) -> None:
    """A tally that the recount at the close found wrong stays wrong until it is mended."""
    box = keys.boxes(over.id, over.boxes)[0]
    code_ = next(iter(store.redis.hgetall(box.tally(5))))
    store.redis.hincrby(box.tally(5), code_, 3)
    store.redis.zadd(box.changed, {"5": store.redis.incr(box.revision)})
    Bookkeeping(store).turn()
    with pytest.raises(DossierRefused, match="recount"):
        made(app, over)


def test_an_answer_that_was_given_unasked_is_in_it(
    app: Flask, store: Store, opened: Consultation, settings: Settings
) -> None:
    """Though nothing was selected, and nobody has committed to anything."""
    answer = Answer(7, "La ministre", date(2026, 1, 2), "Dès juin.")
    backer = Endorsement("Une ONG", date(2026, 1, 2), 9)
    asked = replace(opened, kind=Kind.CITIZENS_QUESTION, answers=(answer,), endorsements=(backer,))
    html = made(app, close(store, asked, settings)).html
    for said in ("Dès juin.", "La ministre", "numéro 7", "numéro 9", "Une ONG"):
        assert said in html, said


def test_a_published_version_stays_whatever_becomes_of_the_consultation(
    app: Flask, store: Store, over: Consultation
) -> None:
    found = published(app, store, over)
    client = app.test_client()
    first = client.get(f"{AT}/1")
    assert first.status_code == 200
    assert first.get_data(as_text=True) == found.html
    store.consultations.replace(replace(over, selected=(), actions=()))
    store.redis.delete(keys.minutes(over.id))
    again = client.get(f"{AT}/1")
    assert again.data == first.data
    assert again.headers["Cache-Control"] == "public, max-age=3600"
    digest = b64decode(again.headers["Repr-Digest"].removeprefix("sha-256=:").rstrip(":"))
    assert digest == sha256(first.data).digest()
    assert (
        client.get(f"{AT}/1", headers={"If-None-Match": again.headers["ETag"]}).status_code == 304
    )


def test_the_short_address_leads_to_the_latest_version(
    app: Flask, store: Store, over: Consultation
) -> None:
    client = app.test_client()
    assert code(client.get(AT)) == (404, "dossier-unknown")
    published(app, store, over)
    published(app, store, over, version=2)
    found = client.get(AT)
    assert (found.status_code, found.headers["Location"]) == (303, f"{AT}/2")
    for missing in (f"{AT}/3", f"{AT}/0", "/operations/radio/dossier"):
        assert code(client.get(missing)) == (404, "dossier-unknown")
    assert client.get(f"{AT}/1/other.svg").status_code == 404
    assert client.get("/c/jamais-vu/dossier").status_code == 404


def test_the_results_lead_to_it_once_it_is_published(
    app: Flask, store: Store, over: Consultation
) -> None:
    client, link = app.test_client(), f'href="{AT}"'
    app.extensions[NAME].directory.forget()
    assert link not in client.get("/c/reinventer-le-travail/results").get_data(as_text=True)
    published(app, store, over)
    app.extensions[KEPT_NAME].clear()  # two seconds later
    assert link in client.get("/c/reinventer-le-travail/results").get_data(as_text=True)


def test_the_document_loads_nothing_and_runs_nothing(
    app: Flask, store: Store, over: Consultation
) -> None:
    published(app, store, over)
    answer = app.test_client().get(f"{AT}/1")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "<script" not in answer.get_data(as_text=True)
    assert not re.search(r'(src|href)="(?!#|https?://|data:,)', answer.get_data(as_text=True))


def test_each_chart_is_there_as_svg_and_as_png(
    app: Flask, store: Store, over: Consultation
) -> None:
    found = published(app, store, over)
    client = app.test_client()
    for name in found.charts:
        drawn = client.get(f"{AT}/1/{name}.svg")
        assert drawn.mimetype == "image/svg+xml"
        root = ElementTree.fromstring(drawn.data)
        raster = client.get(f"{AT}/1/{name}.png")
        picture = Image.open(BytesIO(raster.data))
        assert (raster.mimetype, picture.format, picture.width) == ("image/png", "PNG", 1600)
        ratio = int(root.attrib["height"]) / int(root.attrib["width"])
        assert picture.height == pytest.approx(1600 * ratio, abs=2)
        colours = picture.convert("RGB").getcolors(1 << 24)
        assert colours is not None
        assert len(colours) > 20, "letters and lines are drawn"


def test_one_document_holds_a_whole_operation(
    app: Flask, store: Store, over: Consultation, settings: Settings
) -> None:
    second = consultation("sommeil", question="Comment mieux dormir\u202f?", operation="radio")
    other = store.consultations.create(second, proposals())
    for number in range(30):
        cast(store, other, f"w{number}", 3)
    found = made(app, over, close(store, other, settings))
    assert found.html.count('<section class="sheet summary"') == 2
    assert set(found.charts) >= {"reinventer-le-travail-agreement", "sommeil-agreement"}
    ids = re.findall(r' id="([^"]+)"', found.html)
    assert len(ids) == len(set(ids)), "no id stands there twice"
    for name in re.findall(r'aria-(?:labelledby|describedby)="([^"]+)"', found.html):
        assert name in ids


@pytest.mark.parametrize("lang", ["en", "de", "ar"])
def test_it_is_written_in_the_language_of_its_consultation(
    app: Flask, store: Store, settings: Settings, lang: str
) -> None:
    made_of = consultation("other", question='<b>&amp; "?', language=lang)
    other = store.consultations.create(made_of, proposals())
    for number in range(25):
        cast(store, other, f"w{number}", 3)
    found = made(app, close(store, other, settings))
    assert found.language == lang
    assert f'<html lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}">' in found.html
    assert "&lt;b&gt;&amp;amp; &#34;?" in found.html
    assert "<b>&amp;" not in found.html
    for svg in found.charts.values():
        ElementTree.fromstring(svg)


def close(store: Store, asked: Consultation, settings: Settings) -> Consultation:
    """Close it, draw up its minutes and count it all, as the teller does."""
    store.consultations.replace(asked.closed(datetime.now(UTC) - timedelta(seconds=1)))
    closing(store, settings, lambda: datetime.now(UTC)).turn()
    Bookkeeping(store).turn()
    return store.consultations.by_slug(asked.slug)


def text_of(svg: str) -> str:
    """Return the words of a picture, its lines joined."""
    return " ".join(" ".join(ElementTree.fromstring(svg).itertext()).split())
