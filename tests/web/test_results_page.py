"""Results for readers: by the consultation's rule, the same numbers everywhere, none of few votes."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask

from server.consultations import outcome
from server.consultations.ballots import Ballot, Trust, Vote
from server.consultations.consultation import Consultation, Proposal, ResultsRule
from server.consultations.folding import OTHERS
from server.consultations.open_data import COLUMNS
from server.consultations.participation import HOUR, Curve, Point
from server.consultations.proposing import RefusalReason
from server.settings import Settings
from server.store.ballots import Wish
from server.store.store import Store
from server.teller.closing import Closing
from server.teller.figures import Bookkeeping
from server.web import open_data, results_charts, results_page
from server.web.results_page import KEPT_NAME
from server.web.results_reading import Series, outcomes_of
from server.web.service import NAME
from tests.conftest import consultation
from tests.minutes.conftest import KEY
from tests.store.casting import BFM, LES_ECHOS, RMC, cast, publish
from tests.store.desk import NORA
from tests.web.conftest import API, Reader, code
from tests.web.test_opinion_groups import FOUND

pytestmark = pytest.mark.one_server

PAGE = "/c/reinventer-le-travail/results"
FRAME = "/e/reinventer-le-travail/results?source=rmc"
PERCENT = re.compile(r"\d[\u00a0\u202f ]?%")


def voted(store: Store, opened: Consultation) -> None:
    """30 voters of RMC, 12 of BFM and one of Les Echos on the first three proposals; 19 on another."""
    for n in range(43):
        source = RMC if n < 30 else BFM if n < 42 else LES_ECHOS
        for proposal in (1, 2, 3):
            vote = list(Vote)[(n * proposal) % 3] if n % 4 else Vote.AGREE
            cast(store, opened, f"voter{n}", proposal, vote, source, opened.box_of(n))
        if n < 19:
            cast(store, opened, f"voter{n}", 4, Vote.AGREE, source, opened.box_of(n))
    ballot = Ballot.of(Vote.DISAGREE, ["noWay"])
    for trust, number in ((Trust.TRUSTED, 40), (Trust.UNVERIFIED, 5)):
        for n in range(number):
            wish = Wish(3, ballot, trust, RMC, braked=False)
            store.ballots.cast(opened, opened.box_of(n), f"{trust}{n}", wish)
    points = (
        Point(0, {}),
        Point(HOUR, {RMC: 9, LES_ECHOS: 1}),
        Point(2 * HOUR, {RMC: 90, BFM: 36, LES_ECHOS: 3}),
    )
    store.participation.write(opened, Curve(HOUR, points))
    publish(store, opened)
    Bookkeeping(store).turn()


def ruled(app: Flask, store: Store, opened: Consultation, **fields: object) -> Consultation:
    changed = replace(opened, **fields)  # type: ignore[arg-type]
    store.consultations.replace(changed)
    app.extensions[NAME].directory.forget()
    return changed


def closed(app: Flask, store: Store, opened: Consultation) -> Consultation:
    return ruled(app, store, opened, closes=datetime.now(UTC))


def outcome_of(store: Store, of: Consultation, *proposals: int) -> list[outcome.Outcome]:
    """Return what the tallies say, every source by itself."""
    wanted = [Proposal(number, "", "fr") for number in proposals]
    count = outcome.Count({}, frozenset(), store.tallies.histograms(of, proposals))
    return [*outcome.told(of, wanted, count, exact=True).outcomes]


def text_of(reader: Reader, path: str, status: int = 200) -> str:
    answer = reader.client.get(path)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def rows_of(reader: Reader) -> list[dict[str, str]]:
    file = reader.client.get(f"{PAGE}.csv").get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(file)))


@pytest.mark.parametrize("path", [PAGE, FRAME])
def test_at_close_nobody_sees_a_number_before(
    app: Flask, reader: Reader, store: Store, opened: Consultation, path: str
) -> None:
    voted(store, opened)
    ruled(app, store, opened, results=ResultsRule.AT_CLOSE)
    reader.cast(1, credential=reader.credential())
    page = text_of(reader, path)
    assert "Les résultats viendront à la clôture" in page
    assert "mesure numéro" not in page
    assert reader.client.get(path).headers["Cache-Control"] == "private, no-store"
    for kind in ("csv", "json"):
        assert code(reader.client.get(f"{PAGE}.{kind}")) == (403, "results-not-yet")
    closed(app, store, opened)
    assert "mesure numéro 1" in text_of(reader, path)


def test_who_voted_sees_those_proposals_alone_until_the_close(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    voted(store, opened)
    assert "Votez d’abord" in text_of(reader, PAGE)
    sent = {"credential": reader.credential(), "ticket": reader.ticket()["ticket"]}
    assert reader.cast(2, **sent).status_code == 200
    answer = reader.client.get(f"{PAGE}?source=rmc")
    page = answer.get_data(as_text=True)
    assert set(re.findall(r"mesure numéro (\d+)<", page)) == {"2"}
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Cookie" in answer.headers["Vary"]
    assert "results.csv" not in page
    assert "Votez d’abord" in text_of(reader, f"{PAGE}?source=les-echos"), "another publisher"
    assert code(reader.client.get(f"{PAGE}.csv")) == (403, "results-not-yet")
    veiled = text_of(reader, f"{FRAME}&results=at-close")
    assert "Les résultats viendront à la clôture" in veiled
    assert "mesure numéro" not in veiled


def test_nineteen_votes_have_no_percentage_in_any_view_or_file(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    for n in range(19):
        cast(store, opened, f"v{n}", 4, Vote.AGREE, RMC, opened.box_of(n))
    publish(store, opened)
    closed(app, store, opened)
    for path in (PAGE, f"{PAGE}?list=all", FRAME):
        page = text_of(reader, path)
        assert "mesure numéro 4" in page
        shown = page.replace("confiance à 95\u202f%", "").replace('width="100%"', "")
        assert not PERCENT.search(re.sub(r"<svg.*?</svg>", "", shown, flags=re.DOTALL)), path
        assert "c-map" not in page, "a place on the map is a percentage"
    for row in rows_of(reader):
        assert [v for k, v in row.items() if k.endswith(("_share", "_low", "_high", "_score"))] == (
            [""] * 12
        )
    cast(store, opened, "v19", 4, Vote.AGREE, RMC, opened.box_of(19))
    publish(store, opened)
    app.extensions[NAME].directory.forget()
    assert "100\u202f%" in text_of(reader, PAGE)
    assert rows_of(reader)[3]["agree_share"] == "1.0", "the file is made anew after the close"


def test_page_files_api_and_minutes_tell_the_same_numbers(
    app: Flask, reader: Reader, store: Store, opened: Consultation, settings: Settings
) -> None:
    """After a close that the teller itself recounted and signed."""
    voted(store, opened)
    after = closed(app, store, opened)
    Closing(store, replace(settings, signing_key=KEY), lambda: datetime.now(UTC)).turn()
    app.extensions[NAME].directory.forget()
    found = store.minutes.read(after)
    assert found
    minutes = json.loads(b"".join(found.pieces()))
    rows = rows_of(reader)
    sources = {(r["proposal"], r["source"]): r for r in rows if r["source"] != "~all"}
    assert {(r["proposal"].rpartition(":")[2], r["source"]) for r in minutes["rows"]} == set(
        sources
    )
    for row in minutes["rows"]:
        told = sources[row["proposal"].rpartition(":")[2], row["source"]]
        for vote, counters in row["votes"].items():
            assert (int(told[vote]), int(told[f"{vote}_asked"])) == (
                counters["countVerified"], counters["countSequence"]
            )  # fmt: skip
            for name, nuance in counters["qualifications"].items():
                assert int(told[name]) == nuance["countVerified"]
        assert int(told["ballots"]) == sum(one["count"] for one in row["votes"].values())
    assert {row["source"] for row in minutes["rows"]} == {"rmc", "~others"}
    document = reader.client.get(f"{PAGE}.json").get_json()
    assert document["proposals"] == "accepted"
    assert document["voters"] == minutes["voters"]["total"]
    assert {s["name"]: s["voters"] for s in document["sources"]} == minutes["voters"]["sources"]
    assert document["folded"]["sources"] == minutes["folded"]["sources"]
    assert [(str(r["proposal"]), r["source"], str(r["votes"])) for r in document["rows"]] == [
        (r["proposal"], r["source"], r["votes"]) for r in rows
    ]
    api = reader.client.get(f"{API}/results").get_json()["proposals"]
    whole = {r["proposal"]: r for r in rows if r["source"] == "~all"}
    page = text_of(reader, f"{PAGE}?list=all")
    for one in api:
        told = whole[str(one["proposal"])]
        base = "_asked" if told["shares_of"] == "asked" else ""
        assert one["total"] == sum(int(told[f"{vote}{base}"]) for vote in Vote)
        for vote, counted in one["votes"].items():
            assert int(told[f"{vote}{base}"]) == counted["count"]
        shown = [one["votes"][v]["share"] for v in ("agree", "neutral", "disagree")]
        written = re.search(rf'<li id="p{one["proposal"]}">.*?</li>', page, re.DOTALL)
        assert written
        percents = re.findall(r"<b>(\d+)\u202f%</b>", written[0])
        assert percents == ([] if one["early"] else [str(share) for share in shown])
    assert whole["3"]["shares_of"] == "votes"


def test_the_map_its_table_and_its_hints_tell_of_asked_votes_alone(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    """43 readers were asked about the third proposal, 40 others came by a link and refuse it."""
    voted(store, opened)
    after = closed(app, store, opened)
    (third,) = outcome_of(store, after, 3)
    asked = [f"{share.count}" for share in (third.asked.shares or {}).values()]
    page = text_of(reader, PAGE)
    row = re.search(r"mesure numéro 3</th>(.*?)</tr>", page[page.index('id="map-table"') :])
    assert row
    cells = [re.sub(r"<small.*?</small>|<[^>]+>", "", one).strip() for one in row[1].split("</td>")]
    agree, disagree, neutral = asked
    assert cells[1:5] == ["43", agree, neutral, disagree]
    hint = re.search(r"<title>[^<]*mesure numéro 3 — ([^<]*)</title>", page)
    assert hint
    percents = [str(share.percent) for share in (third.asked.shares or {}).values()]
    assert sorted(re.findall(r"\d+", hint[1])) == sorted(percents)
    told = re.search(r'<li id="p3">.*?</li>', page, re.DOTALL)
    assert told
    assert "83 votes" in told[0], "the bar is of all that count"
    framed = re.search(r"mesure numéro 3</th>(.*?)</tr>", text_of(reader, FRAME), re.DOTALL)
    assert framed
    assert re.findall(r">(\d+)\u202f%", framed[1])[0] == percents[0]


@pytest.mark.parametrize("path", [PAGE, FRAME, f"{PAGE}/agreement.svg"])
def test_what_links_brought_is_told_wherever_it_is_not_counted(
    app: Flask, reader: Reader, store: Store, opened: Consultation, path: str
) -> None:
    for n in range(90):
        wish = Wish(1, Ballot(Vote.AGREE), Trust.TRUSTED if n < 60 else Trust.SEQUENCE, RMC, False)
        store.ballots.cast(opened, opened.box_of(n), f"voter{n}", wish)
    publish(store, opened)
    closed(app, store, opened)
    told = text_of(reader, path)
    assert "Non comptés ici\u202f: 60 votes venus par un lien." in told
    assert "30 votes" in told


def test_small_sources_are_told_together_and_only_those(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    """Les Echos has one voter; to hide that one, the next smallest source goes with it."""
    voted(store, opened)
    closed(app, store, opened)
    page = text_of(reader, PAGE)
    table = page[page.index('id="participation-table"') :]
    assert "Les Echos" not in page
    assert "Autres médias" in table
    assert re.search(r'data-label="Autres médias">39<', table), "36 of BFM and 3 of Les Echos"
    assert {r["source"] for r in rows_of(reader)} == {"~all", "rmc", "~others"}


@pytest.mark.parametrize("sources", [6, 9])
def test_of_many_sources_the_last_line_holds_the_folded_ones_and_their_name_stands_once(
    app: Flask, sources: int
) -> None:
    """Those folded have more votes together than any other."""
    speech = app.extensions[NAME].messages.speech("fr")
    one = consultation().sources[0]
    named = [replace(one, number=n, title=f"Titre {n}") for n in range(1, sources)]
    lines = tuple((source, (0, 50 - source.number)) for source in (OTHERS, *named))
    found = results_charts.curves(
        Series((0, HOUR), lines), speech, UTC, lambda s: results_charts.source_name(s, speech)
    )
    assert found
    told = [name for _, name, _ in found.keys]
    assert sum(votes for *_, votes in found.keys) == sum(votes[-1] for _, votes in lines)
    if sources == 6:
        assert told == ["Autres médias", *(f"Titre {n}" for n in range(1, 6))]
    else:
        assert told == [*(f"Titre {n}" for n in range(1, 6)), "Tous les autres médias"]


def test_throwaway_visitors_do_not_tell_the_one_reader_of_a_source(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    """Nor on a page that shows none of the proposals that show how large the others are."""
    voted(store, opened)
    for n in range(9):
        wish = Wish(1, Ballot(Vote.AGREE), Trust.UNVERIFIED, LES_ECHOS, braked=False)
        store.ballots.cast(opened, opened.box_of(n), f"thrown{n}", wish)
    publish(store, opened)
    Bookkeeping(store).turn()
    (figures,) = store.figures.read([opened])
    assert figures
    assert figures.most == {RMC: 70, BFM: 12, LES_ECHOS: 1}
    closed(app, store, opened)
    assert {row["source"] for row in rows_of(reader)} == {"~all", "rmc", "~others"}
    with app.app_context():
        some = [Proposal(4, "Il faut", "fr")]
        assert [source.name for source in outcomes_of(opened, some).folded] == [
            "direct", "bfm", "les-echos",
        ]  # fmt: skip


def test_ballots_that_do_not_count_are_told_of_after_the_close_only(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    voted(store, opened)
    ruled(app, store, opened, results=ResultsRule.ALWAYS)
    assert {row["ballots"] for row in rows_of(reader)} == {""}
    closed(app, store, opened)
    assert next(r["ballots"] for r in rows_of(reader) if r["proposal"] == "3") == "88"


def test_nothing_is_told_by_source_before_the_close(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    """Who fetches it every minute would see which votes through a small source came together."""
    voted(store, opened)
    for rule in (ResultsRule.ALWAYS, ResultsRule.AFTER_VOTE):
        ruled(app, store, opened, results=rule)
        reader.cast(1, credential=reader.credential(), ticket=reader.ticket()["ticket"])
        for path in (f"{PAGE}?source=rmc", FRAME):
            page = text_of(reader, path)
            assert "mesure numéro 1" in page
            assert "Par média" not in page
    ruled(app, store, opened, results=ResultsRule.ALWAYS)
    assert {row["source"] for row in rows_of(reader)} == {"~all"}
    assert reader.client.get(f"{PAGE}.json").get_json()["sources"] == []
    closed(app, store, opened)
    assert {row["source"] for row in rows_of(reader)} == {"~all", "rmc", "~others"}
    assert "Par média" in text_of(reader, PAGE)


def test_every_chart_has_its_table(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    voted(store, opened)
    closed(app, store, opened)
    page = text_of(reader, PAGE)
    for part in ("agreement", "map", "participation"):
        section = re.search(rf'<section id="{part}".*?</section>', page, re.DOTALL)
        assert section
        assert f'id="{part}-table"' in section[0]
        assert re.search(r'<svg role="img"[^>]*aria-labelledby="([\w-]+)"', section[0])
        assert re.search(r"<title id=[^>]+>[^<]+</title><desc id=[^>]+>[^<]+</desc>", section[0])
    assert "style=" not in page


def test_of_many_proposals_a_page_holds_fifty(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    more = [Proposal(n, f"Il faut en dire une {n}e", "fr") for n in range(25, 131)]
    store.consultations.add_proposals(opened, more)
    closed(app, store, opened)
    first, last = (text_of(reader, f"{PAGE}?list=all&page={n}") for n in (1, 999))
    assert (first.count('<li id="p'), last.count('<li id="p')) == (50, 30)
    assert "Page 1 sur 3" in first
    assert "Page 3 sur 3" in last
    assert text_of(reader, f"{PAGE}?list=odd&page=x").count('<li id="p') == 0


def test_a_page_is_drawn_once_until_something_is_published(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    voted(store, opened)
    closed(app, store, opened)
    page = text_of(reader, PAGE)
    store.tallies.histograms = None  # type: ignore[method-assign, assignment]
    app.extensions[NAME].store.tallies.histograms = None
    for query in ("proposal=7", "theme=dark", "results=at-close", "lang=fr", "list=odd"):
        assert text_of(reader, f"{PAGE}?{query}") == page


def test_of_many_pages_those_asked_for_last_are_kept(
    app: Flask,
    reader: Reader,
    store: Store,
    opened: Consultation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    closed(app, store, opened)
    monkeypatch.setattr(results_page, "KEPT_AT_MOST", 2)
    for choice in ("top", "all", "top", "rejection"):
        text_of(reader, f"{PAGE}?list={choice}")
    assert [asked.choice for *_, asked in app.extensions[KEPT_NAME]] == ["top", "rejection"]


def test_files_are_named_kept_and_told_apart(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    risky = Proposal(25, '=HYPERLINK("http://mal.example","Il faut")', "fr")
    store.consultations.add_proposals(opened, [risky])
    closed(app, store, opened)
    answer = reader.client.get(f"{PAGE}.csv", headers={"Accept-Encoding": "gzip"})
    headers = answer.headers
    assert headers["Content-Disposition"] == (
        'attachment; filename="reinventer-le-travail-results.csv"'
    )
    assert (headers["Content-Type"], headers["Content-Encoding"]) == (
        "text/csv; charset=utf-8; header=present", "gzip"
    )  # fmt: skip
    again = reader.client.get(f"{PAGE}.csv", headers={"If-None-Match": headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    plain = reader.client.get(f"{PAGE}.csv").get_data()
    assert plain.startswith(b"\xef\xbb\xbfproposal,text,")
    assert rows_of(reader)[-1]["text"].startswith("'=HYPERLINK")
    document = reader.client.get(f"{PAGE}.json").get_json()
    assert document["rows"][-1]["text"] == risky.text


@pytest.mark.parametrize(
    ("voters", "told"), [(9, {"~all", "~others"}), (12, {"~all", "rmc", "~others"})]
)
def test_the_sources_of_a_file_are_the_same_from_its_first_row_to_its_last(
    app: Flask,
    reader: Reader,
    store: Store,
    opened: Consultation,
    monkeypatch: pytest.MonkeyPatch,
    voters: int,
    told: set[str],
) -> None:
    """While it is made, after the close and before the boxes are sealed, a last vote comes: that of
    the tenth reader of BFM, or a visitor's through Les Echos.
    """
    for n in range(30 + voters):
        for proposal in (1, 4):
            source = RMC if n < 30 else BFM
            cast(store, opened, f"v{n}", proposal, Vote.AGREE, source, opened.box_of(n))
    publish(store, opened)
    Bookkeeping(store).turn()
    closed(app, store, opened)
    monkeypatch.setattr(open_data, "STEP", 2)
    tallies = app.extensions[NAME].store.tallies
    read = tallies.histograms

    def slowly(asked: Consultation, some: list[int]) -> object:
        if some[0] == 3:
            if voters < 10:
                cast(store, opened, "tenth", 4, Vote.AGREE, BFM, opened.box_of(7))
            else:
                cast(store, opened, "v0", 4, Vote.AGREE, LES_ECHOS, opened.box_of(0))
        return read(asked, some)

    monkeypatch.setattr(tallies, "histograms", slowly)
    assert {row["source"] for row in rows_of(reader)} == told


def test_before_the_close_numbers_wait_and_what_is_taken_down_does_not(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    voted(store, opened)
    ruled(app, store, opened, results=ResultsRule.ALWAYS)
    first = reader.client.get(f"{PAGE}.csv").get_data()
    cast(store, opened, "late", 5, Vote.AGREE, RMC)
    publish(store, opened)
    store.consultations.add_proposals(opened, [Proposal(25, "Il faut attendre", "fr")])
    app.extensions[NAME].directory.forget()
    assert reader.client.get(f"{PAGE}.csv").get_data() == first
    store.moderation.decisions.take_down(opened, NORA, 7, RefusalReason.TEST)
    app.extensions[NAME].directory.forget()
    told = {row["proposal"] for row in rows_of(reader)}
    assert "7" not in told
    assert "25" in told


def test_files_are_kept_as_far_as_there_is_room_those_asked_for_last(
    app: Flask, reader: Reader, opened: Consultation, monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    closed(app, store, opened)
    made: list[str] = []
    monkeypatch.setattr(
        open_data, "_made", lambda _s, kind, stamp, _c: made.append(kind) or of_size(stamp)
    )
    monkeypatch.setattr(open_data, "KEPT", 250)
    files, snapshot = open_data.Files(), app.extensions[NAME].directory.find(opened.slug)
    for kind in ("csv", "json", "csv", "third", "csv", "json", "json"):
        files.get(snapshot, kind)
    assert made == ["csv", "json", "third", "json"]


def of_size(stamp: tuple[object, ...]) -> open_data.File:
    return open_data.File(stamp, 0.0, b"x" * 100, "e")


@pytest.mark.parametrize("path", [PAGE, FRAME, f"{PAGE}.csv"])
def test_what_is_not_there_is_said_kindly(reader: Reader, path: str) -> None:
    assert reader.client.get(path.replace("reinventer-le-travail", "nulle-part")).status_code == 404


def test_an_article_may_frame_the_short_view_and_nobody_the_page(
    app: Flask, reader: Reader, store: Store, opened: Consultation
) -> None:
    voted(store, opened)
    closed(app, store, opened)
    policy = reader.client.get(FRAME).headers["Content-Security-Policy"]
    assert "frame-ancestors 'self' http://rmc.localhost:8100" in policy
    assert "frame-ancestors 'none'" in reader.client.get(PAGE).headers["Content-Security-Policy"]
    assert f'href="{PAGE}?lang=fr&source=rmc"' in text_of(reader, FRAME).replace("&amp;", "&")


def test_the_page_on_open_data_lists_every_column_in_its_order() -> None:
    page = (Path(__file__).parents[2] / "docs" / "staff" / "open-data.md").read_text()
    rows = re.findall(r"^\| (`.*?) \|", page, re.MULTILINE)
    told = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert sorted(told) == sorted(COLUMNS)


@pytest.mark.parametrize("name", ["agreement", "map", "participation"])
def test_every_chart_is_a_file_of_its_own_under_the_same_rule(
    app: Flask, reader: Reader, store: Store, opened: Consultation, name: str
) -> None:
    voted(store, opened)
    address = f"{PAGE}/{name}.svg"
    assert code(reader.client.get(address)) == (403, "results-not-yet")
    closed(app, store, opened)
    answer = reader.client.get(f"{address}?lang=en")
    assert answer.mimetype == "image/svg+xml"
    drawn = ElementTree.fromstring(answer.get_data())
    assert (drawn.get("width"), drawn.get("role")) == ("720", "img")
    (title, words) = list(drawn)[:2]
    assert title.text
    assert words.text
    assert "prefers-color-scheme:dark" in answer.get_data(as_text=True)
    assert reader.client.get(f"{PAGE}/other.svg").status_code == 404
    # Kept until something is published; and who asks for one does not wait for the others.
    inside = app.extensions[NAME].store
    inside.tallies.histograms = inside.participation.read = None
    again = reader.client.get(f"{address}?lang=en&source=rmc&theme=dark")
    assert again.get_data() == answer.get_data()
    del inside.tallies.histograms, inside.participation.read
    if name != "participation":
        inside.participation.read = None
    assert reader.client.get(f"{address}?lang=fr").status_code == 200


def test_opinion_groups_stand_there_as_soon_as_they_are_found_where_everybody_may_see_them(
    app: Flask, store: Store, opened: Consultation
) -> None:
    voted(store, opened)
    ruled(app, store, opened, results=ResultsRule.ALWAYS)
    client = app.test_client()
    assert 'id="groups"' not in client.get(PAGE).get_data(as_text=True)
    store.published.publish_groups(opened, FOUND)
    ruled(app, store, opened, results=ResultsRule.ALWAYS, theme="Santé")
    app.extensions[KEPT_NAME].clear()  # five seconds later
    assert 'id="groups"' in client.get(PAGE).get_data(as_text=True)
    ruled(app, store, opened, results=ResultsRule.AT_CLOSE)
    assert 'id="groups"' not in client.get(PAGE).get_data(as_text=True)
