"""Consultation files: read whole, or refused whole with every fault."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from server.consultations import files
from server.consultations.consultation import (
    DIRECT_SOURCE,
    Consultation,
    Proposal,
    ProposalState,
    Source,
)
from server.consultations.deck_rules import DeckRules
from server.consultations.errors import FileRefused
from server.consultations.records import SIZE_LIMIT
from server.demo import consultation as demo
from tests.replay.good_file import GOOD, faults, parse, with_line

ANSWERED = "kind: citizens-question\n"
SAID = "proposal: 1, by: X, on: 2027-04-02, text: Oui"
DONE = "title: X, partner: Y, promise: Z, on: 2027-02-01"


def test_a_good_file_becomes_a_consultation_and_its_proposals() -> None:
    """Sources are numbered after our own, times stand in the stated zone, texts are tidied."""
    found = parse(GOOD)
    paris = ZoneInfo("Europe/Paris")
    rmc = ("https://rmc.example.fr", "http://rmc.localhost:8100")
    assert found.consultation == Consultation(
        id="",
        slug="sommeil",
        question="Comment mieux dormir\u202f?",
        language="fr",
        opens=datetime(2027, 1, 1, 9, tzinfo=paris),
        closes=datetime(2027, 2, 1, 18, 30, tzinfo=paris),
        sources=(
            DIRECT_SOURCE,
            Source(2, "rmc", "RMC", "rmc-bfm", rmc, "#c8102e"),
            Source(3, "bfm", "BFM", "rmc-bfm", ("https://www.bfm.example:8443",)),
        ),
        prefix="Il faut",
    )
    assert found.proposals == (
        Proposal(2, "Il faut éteindre les écrans le soir", "fr", "Zoé", 31),
        Proposal(1, "Il faut commencer l'école plus tard", "en", central="p-77"),
        Proposal(
            3, "Il faut autoriser la sieste\u202f: vraiment", "fr", state=ProposalState.PENDING
        ),
    )


def test_every_fault_is_listed_with_its_line() -> None:
    """One pass shows all there is to mend, in the order of the file."""
    text = """\
slgu: x
question: <b>Dormir</b>
language: français
timezone: Europe/Pariss
timezone: Europe/Paris
opens: 2027-01-01
closes:
boxes: 0
results: never
rehearsal: maybe
sources:
  - name: direct
    title: x
    publisher: isoloir
    origins: [https://a.example/, "http://a.example", https://a.example:443]
    accent: red
  - [1]
  - {name: rmc, title: RMC, publisher: rmc, origins: [https://a.example, https://a.example]}
  - {name: rmc, title: RMC, publisher: rmc, origins: []}
proposals:
  - text: court
  - Il faut dormir
  - {id: 7, text: Il faut dormir davantage, age: old}
  - {id: 7, text: il FAUT  dormir dâvantage, author: "a\\nb"}
  - text: Il faut lire https://example.org au lit
  - txet: Il faut dormir encore plus
"""
    assert faults(text) == [
        (1, "slgu"),
        (1, "slug"),
        (2, "question"),
        (3, "language"),
        (4, "timezone"),
        (5, "timezone"),
        (6, "opens"),
        (7, "closes"),
        (8, "boxes"),
        (9, "results"),
        (10, "rehearsal"),
        (12, "sources[1].name"),
        (14, "sources[1].publisher"),
        (15, "sources[1].origins[1]"),
        (15, "sources[1].origins[2]"),
        (15, "sources[1].origins[3]"),
        (16, "sources[1].accent"),
        (17, "sources[2]"),
        (18, "sources[3].origins"),
        (19, "sources[4].origins"),
        (19, "sources[4].name"),
        (21, "proposals[1].text"),
        (22, "proposals[2]"),
        (23, "proposals[3].age"),
        (24, "proposals[4].author"),
        (24, "proposals[4].id"),
        (24, "proposals[4].text"),
        (25, "proposals[5].text"),
        (26, "proposals[6].txet"),
        (26, "proposals[6].text"),
    ]


def test_the_message_names_file_line_field_and_remedy() -> None:
    """What staff see is one line per fault, with the key that was probably meant."""
    with pytest.raises(FileRefused) as refused:
        parse(with_line("question:", "qestion: Quoi ?"))
    assert refused.value.detail.splitlines() == [
        "f.yaml:1: question: is missing.",
        "f.yaml:2: qestion: is no key here; did you mean “question”?",
    ]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("slug: Sommeil", "slug"),
        ("slug: a--b", "slug"),
        ("opens: tomorrow", "opens"),
        ("opens: 2027-13-01 09:00", "opens"),
        ("opens: 2027-03-28 02:30", "opens"),  # skipped by the clocks of Paris
        ("closes: 2027-01-01 08:59", "closes"),
        ("closes: 2026-12-31 09:00", "closes"),
        ("closes: 2027-01-01T08:30+01:00", "closes"),
        ("proposals-until: 2027-01-01 08:59", "proposals-until"),
        ("proposals-until: 2027-02-01 18:31", "proposals-until"),
        ("proposals-until: 2027-03-28 02:30", "proposals-until"),
        ("reached: {selection: 2027-02-01 18:29}", "selection"),
        ("reached: {selection: 2027-02-03 09:00, done: 2027-02-02 09:00}", "done"),
        ("reached: {open: 2027-02-03 09:00}", "open"),
        ("kind: petition", "kind"),
        ("theme: " + "x" * 61, "theme"),
        ("cause: <b>Agir</b>", "cause"),
        ("featured: yes", "featured"),
        ("partners: [{role: sponsor, name: Une ONG}]", "role"),
        ("partners: [{role: founder, name: ONG, link: 'http://a.example'}]", "link"),
        ("partners: [{role: founder, name: ONG, link: 'https://u@a.example'}]", "link"),
        ("partners: [{role: founder, name: ONG, link: 'https://a.example/\"x'}]", "link"),
        ("partners: [{role: founder, name: ONG, link: 'javascript:alert(1)'}]", "link"),
        ("partners: [{role: founder, name: ONG, logo: ong.png}]", "logo"),
        ("partners: [{role: founder, name: ONG, logo: 'data:image/svg+xml,<svg/>'}]", "logo"),
        ("answers: [{proposal: 1, by: X, on: 2027-04-02, text: Oui}]", "answers"),
        (f"{ANSWERED}answers: [{{proposal: 2, by: X, on: 2027-04-02, text: Oui}}]", "proposal"),
        (f"{ANSWERED}answers: [{{proposal: 1, by: X, on: 2027-02-30, text: Oui}}]", "on"),
        (
            f"{ANSWERED}answers: [{{proposal: 1, by: X, on: 2027-04-02, text: www.a.fr oui}}]",
            "text",
        ),
        (f"{ANSWERED}answers: [{{{SAID}, former: [{{text: Non}}]}}]", "until"),
        (f"{ANSWERED}answers: [{{{SAID}, office: www.a.fr}}]", "office"),
        ("selected: [{proposal: 1, on: 2027-01-31}]", "on"),  # before the close
        ("selected: [{proposal: 2, on: 2027-02-01}]", "proposal"),  # whose id is not written out
        ("selected: [{proposal: 1, on: 2027-02-01, reason: <b>Oui</b>}]", "reason"),
        (f"selected: [{', '.join(['{proposal: 1, on: 2027-02-01}'] * 2)}]", "proposal"),
        (f"workshops: [{', '.join(['{id: 1, title: X, on: 2027-02-01}'] * 2)}]", "id"),
        ("workshops: [{title: X, on: 2027-02-01, proposals: [1, 1]}]", "proposals"),
        ("workshops: [{title: X, on: 2027-02-01, proposals: [1, 9]}]", "proposals"),
        (f"workshops: [{{title: X, on: 2027-02-01, partners: [{'X, ' * 25}]}}]", "partners"),
        ("workshops: [{title: X, on: 2027-02-01, link: 'http://a.example'}]", "link"),
        (f"actions: [{{{DONE}, target: {{amount: '1,5', unit: X, by: 2027-03-01}}}}]", "amount"),
        (f"actions: [{{{DONE}, target: {{amount: 0, unit: X, by: 2027-03-01}}}}]", "amount"),
        (f"actions: [{{{DONE}, target: {{amount: 1e3, unit: X}}}}]", "amount target.by"),
        (f"actions: [{{{DONE}, state: begun}}]", "state"),
        (f"actions: [{{{DONE}, news: [{{on: 2027-03-01}}]}}]", "text"),
        ("endorsements: [{on: 2027-02-01}]", "by"),
        ("endorsements: [{by: ONG, on: 2027-02-01, proposal: 9}]", "proposal"),
        ("endorsements: [{by: Une ONG, on: 2027-02-01}, {by: une  ong, on: 2027-02-02}]", "by"),
        ("prefix: Il faudrait", "text"),
        ("question: {a: b}", "question"),
        ("question: ~", "question"),
        ("question: " + "x" * 201, "question"),
        ("timezone: CET+1", "timezone"),
        ("language: no_NO", "language"),
    ],
)
def test_a_value_that_does_not_fit_is_a_fault_of_its_field(line: str, field: str) -> None:
    """Meaning is checked as well as shape: windows, zones, prefixes."""
    key = line.split(":")[0] + ":"
    found = faults(with_line(key, line) if f"\n{key}" in f"\n{GOOD}" else f"{line}\n{GOOD}")
    assert {name.split(".")[-1] for _, name in found} == {f.split(".")[-1] for f in field.split()}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", [(1, "yaml")]),
        (b"- 1\n", [(1, "file")]),
        (b"slug: a\nslug\xff: b\n", [(2, "file")]),
        (b"a: \x01\n\nb: \x02\n", [(1, "yaml"), (3, "yaml")]),
        (b"slug: &s x\nquestion: *s\n", [(1, "yaml"), (2, "yaml")]),
        (b"slug: a\nboxes: !!int 3\n", [(2, "yaml")]),
        (b"slug: a\nquestion: que: quoi\n", [(2, "yaml")]),
        (b"slug: a\n---\nslug: b\n", [(2, "yaml")]),
        (b"[" * 100 + b"]" * 100, [(1, "yaml")]),
        (b"#" * (SIZE_LIMIT + 1), [(1, "file")]),
    ],
)
def test_what_is_not_plain_readable_yaml_is_refused(
    content: bytes, expected: list[tuple[int, str]]
) -> None:
    """Broken, binary, tricky or huge files: the line is said, nothing is built."""
    assert faults(content) == expected


def test_words_that_yaml_takes_for_something_else_stay_words() -> None:
    """A slug `on` is no switch, a title 20 no number."""
    found = parse(with_line("slug:", "slug: on").replace("title: RMC", "title: 20"))
    assert (found.consultation.slug, found.consultation.sources[1].title) == ("on", "20")


def test_the_demo_consultation_reads_without_a_fault() -> None:
    """It ships with the service: at least 24 proposals, three media of three publishers."""
    found = files.parse(demo.FILE.read_bytes(), str(demo.FILE))
    assert len(found.proposals) >= 24
    assert [s.name for s in found.consultation.sources] == ["direct", "rmc", "bfm", "les-echos"]
    assert len({s.publisher for s in found.consultation.sources}) == 4


DECK = "deck: {size: 8, new: 2, tested-below: 400}\n"


def test_a_file_says_how_decks_are_dealt_and_gets_the_rest_as_usual() -> None:
    found = parse(DECK + GOOD).consultation
    assert found.deck == DeckRules(size=8, new=2, tested_below=400)
    assert parse(GOOD).consultation.deck == DeckRules()
    assert "deck:" not in files.dump(parse(GOOD))


@pytest.mark.parametrize(
    ("deck", "field"),
    [
        ("{size: 31}", "deck.size"),
        ("{size: 3}", "deck.new"),
        ("{new: 0.5}", "deck.new"),
        ("{new-below: 900, tested-below: 900}", "deck.tested-below"),
        ("{controversial: 101}", "deck.controversial"),
        ("{fair: true}", "deck.fair"),
        ("twelve", "deck"),
    ],
)
def test_decks_that_cannot_be_dealt_are_faults(deck: str, field: str) -> None:
    assert [found for _, found in faults(f"deck: {deck}\n{GOOD}")] == [field]


def test_more_sources_than_a_ballot_can_name_are_refused() -> None:
    """The number of a ballot's source has seven bits."""
    entry = "  - {name: titre-%d, title: T, publisher: p, origins: [https://t%d.example]}\n"
    many = "".join(entry % (i, i) for i in range(127))
    crowded = re.sub(r"sources:\n.*?(?=proposals:)", f"sources:\n{many}", GOOD, flags=re.DOTALL)
    with pytest.raises(FileRefused) as refused:
        parse(crowded)
    (fault,) = refused.value.faults
    assert fault.field == "sources[127].name"


def test_more_entries_than_are_kept_are_faults_of_the_line_where_they_begin() -> None:
    """Each list has its bound, and what lies beyond it is told line by line."""
    backed = "".join(f"  - {{by: ONG {n}, on: 2027-02-01}}\n" for n in range(502))
    assert faults(f"endorsements:\n{backed}{GOOD}") == [
        (502, "endorsements[501]"),
        (503, "endorsements[502]"),
    ]


def test_what_came_of_it_is_read_as_it_is_printed_and_kept_to_the_digit() -> None:
    told = """\
workshops: [{title: "L'atelier : un", on: 2027-03-02}, {title: Avant, on: 2027-03-01, id: 1}]
actions:
  - title: Des siestes
    partner: Une ville
    promise: "Dix salles d'ici un an !"
    on: 2027-04-01
    target: {amount: 12.50, unit: "% des écoles", by: 2028-04-01}
    news:
      - {on: 2027-09-01, text: Deuxième, amount: 3.10}
      - {on: 2027-06-01, text: Première}
"""
    asked = parse(told + GOOD).consultation
    assert [(one.id, one.title) for one in asked.workshops] == [
        (1, "Avant"),
        (2, "L’atelier\u202f: un"),
    ]
    (action,) = asked.actions
    assert action.promise == "Dix salles d’ici un an\u202f!"
    assert action.target
    assert str(action.target.amount) == "12.50"
    assert [str(one.amount) for one in action.news] == ["None", "3.10"]
    again = parse(files.dump(parse(told + GOOD))).consultation.actions[0]
    assert again == action
    assert again.target
    assert str(again.target.amount) == "12.50"
