"""Consultation files: read whole, refused whole, and written back exactly."""

import re
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from server.central.receiver.schemas import RowSchema
from server.consultations import files, values
from server.consultations.consultation import (
    DIRECT_SOURCE,
    Consultation,
    Proposal,
    ProposalState,
    ResultsRule,
    Source,
)
from server.consultations.errors import FileRefused
from server.consultations.records import SIZE_LIMIT, Key, Wrong
from server.consultations.wording import objections, tidy
from server.demo import consultation as demo

GOOD = """\
slug: sommeil
question: Comment mieux dormir ?
language: fr
timezone: Europe/Paris
opens: 2027-01-01 09:00
closes: 2027-02-01 18:30
prefix: Il faut
sources:
  - name: rmc
    title: RMC
    publisher: rmc-bfm
    origins: [https://rmc.example.fr, "http://rmc.localhost:8100"]
    accent: "#C8102E"
  - name: bfm
    title: BFM
    publisher: rmc-bfm
    origins: [https://www.bfm.example:8443]
proposals:
  - text: Il faut éteindre les écrans le soir
    author: Zoé
    age: 31
  - text: "  Il faut commencer l'école plus tard "
    id: 1
    language: en
    central: p-77
  - {text: "Il faut autoriser la sieste : vraiment", state: pending}
"""


def parse(text: str) -> files.ConsultationFile:
    return files.parse(text.encode(), "f.yaml")


def faults(text: str | bytes) -> list[tuple[int, str]]:
    """Return the line and field of each fault, in their order."""
    with pytest.raises(FileRefused) as refused:
        files.parse(text if isinstance(text, bytes) else text.encode(), "f.yaml")
    return [(fault.line, fault.field) for fault in refused.value.faults]


def with_line(start: str, line: str) -> str:
    """Return the good file with the line that begins with `start` replaced."""
    changed = re.sub(rf"(?m)^{re.escape(start)}.*$", line.replace("\\", r"\\"), GOOD, count=1)
    assert changed != GOOD
    return changed


def test_a_good_file_becomes_a_consultation_and_its_proposals() -> None:
    """Sources are numbered after our own, times stand in the stated zone, texts are tidied."""
    found = parse(GOOD)
    paris = ZoneInfo("Europe/Paris")
    rmc = ("https://rmc.example.fr", "http://rmc.localhost:8100")
    assert found.consultation == Consultation(
        id="",
        slug="sommeil",
        question="Comment mieux dormir ?",
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
        Proposal(3, "Il faut autoriser la sieste : vraiment", "fr", state=ProposalState.PENDING),
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
        ("closes: 2027-01-01 09:00", "closes"),
        ("closes: 2026-12-31 09:00", "closes"),
        ("closes: 2027-01-01T08:30+01:00", "closes"),
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
    found = faults(with_line(line.split(":")[0] + ":", line))
    assert {name.split(".")[-1] for _, name in found} == {field}


@pytest.mark.parametrize(
    "text",
    [
        "Il faut un",  # under 12
        "Il faut " + "x" * 133,  # 141
        "Il fautdormir davantage",
        "Dormir davantage la nuit",
        "Il faut <i>dormir</i> davantage",
        "Il faut dormir&nbsp;davantage",
        "Il faut écrire à zoe@example.org",
        "Il faut lire example.com au lit",
        "Il faut dormir \\u202Edavantage",
        "Il faut dormir\\ndavantage",
    ],
)
def test_a_text_that_cannot_be_shown_as_it_is_is_refused(text: str) -> None:
    """12 to 140 characters, the prefix, one line of plain text without links."""
    assert faults(with_line("  - text:", f'  - text: "{text}"')) == [(19, "proposals[1].text")]


@pytest.mark.parametrize("length", [12, 140])
def test_the_limits_of_a_text_are_allowed_and_measured_after_composing(length: int) -> None:
    """An e and its accent are one character, space around the text is none."""
    text = "Il faut " + "e\u0301" * (length - 8)
    found = parse(with_line("  - text:", f'  - text: "  {text} "'))
    assert found.proposals[0].text == "Il faut " + "é" * (length - 8)


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


@pytest.mark.parametrize(
    "central", ["a b", "é", "p\u00a077", "local:3", "a.b-c~rehearsal:12", "x" * 101, "[p-77]"]
)
def test_an_id_that_the_central_platform_could_not_take_is_refused(central: str) -> None:
    """One of them would keep every count of the consultation back; `local:3` is as ours are."""
    assert faults(with_line("    central:", f"    central: {central}")) == [
        (25, "proposals[2].central")
    ]


def test_two_proposals_never_share_a_central_id() -> None:
    text = with_line("    age: 31", "    central: p-77")
    assert faults(text) == [(25, "proposals[2].central")]


@given(st.text(st.characters(min_codepoint=0x1F, max_codepoint=0x80), max_size=105))
@example("urn:make:12")
@example("local:3")
def test_every_central_id_that_is_taken_the_receiver_takes_too(central: str) -> None:
    """Both ends hold the same rule."""
    with suppress(Wrong):
        assert not RowSchema(only=["proposal"]).validate({"proposal": values.central(central)})


def test_a_rehearsal_takes_texts_as_they_stand() -> None:
    """Published statements keep their length, their spaces and their doubles."""
    text = with_line("prefix:", "rehearsal: true")
    text = text.replace("Il faut éteindre les écrans le soir", '" No. "').replace(
        "Il faut autoriser la sieste : vraiment", " No. "
    )
    assert [p.text for p in parse(text).proposals][::2] == [" No. ", " No. "]


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


names = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8})?", fullmatch=True)
publishers = names.filter(lambda name: name != "isoloir")
words = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=40
)
lines = words.map(tidy).filter(lambda text: bool(text) and len(text) <= 40 and not objections(text))
moments = st.integers(1_577_836_800, 2_493_072_000)  # seconds: 2020 to 2048
origins = st.builds(
    "https://{}.example:{}".format, names, st.integers(1, 65535).filter(lambda n: n != 443)
)


@st.composite
def consultations(draw: st.DrawFn) -> files.ConsultationFile:
    """Draw a consultation that a file may hold: any zone hour, one that comes twice included."""
    zone = ZoneInfo(draw(st.sampled_from(["Europe/Paris", "UTC", "Australia/Lord_Howe"])))
    window = sorted(draw(st.lists(moments, min_size=2, max_size=2, unique=True)))
    opens, closes = (datetime.fromtimestamp(moment, zone) for moment in window)
    source_names = draw(st.lists(names.filter("direct".__ne__), unique=True, max_size=3))
    sources = [
        Source(
            number,
            name,
            draw(lines),
            draw(publishers),
            tuple(draw(st.lists(origins, min_size=1, max_size=2, unique=True))),
            draw(st.none() | st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)),
            draw(st.booleans()),
        )
        for number, name in enumerate(source_names, 2)
    ]
    rehearsal = draw(st.booleans())
    texts = (
        words.filter(str.strip) if rehearsal else st.integers(0, 10**9).map("Il faut n° {}".format)
    )
    found = Consultation(
        id="",
        slug=draw(names),
        question=draw(lines),
        language=draw(st.sampled_from(["fr", "no", "pt-BR", "zh-Hant-TW"])),
        opens=opens,
        closes=closes,
        sources=(DIRECT_SOURCE, *sources),
        prefix=None if rehearsal else "Il faut",
        boxes=draw(st.integers(1, 1024)),
        results=draw(st.sampled_from(ResultsRule)),
        rehearsal=rehearsal,
        retention=draw(st.integers(0, 730)),
    )
    ids = draw(st.lists(st.integers(1, 10**6), min_size=1, max_size=5, unique=True))
    wordings = draw(st.lists(texts, min_size=len(ids), max_size=len(ids), unique=True))
    proposals = tuple(
        Proposal(
            number,
            text,
            draw(st.sampled_from(["fr", "en"])),
            draw(st.none() | lines),
            draw(st.none() | st.integers(1, 120)),
            draw(st.sampled_from(ProposalState)),
            draw(st.none() | st.sampled_from([f"p-{number}", f"urn:p:{number}", f"#{number}"])),
        )
        for number, text in zip(ids, wordings, strict=True)
    )
    return files.ConsultationFile(found, proposals)


@given(consultations())
@settings(max_examples=60, deadline=None)
def test_what_is_written_out_reads_back_exactly(found: files.ConsultationFile) -> None:
    """An export loses nothing: neither an hour, nor a number, nor a strange character."""
    written = files.dump(found.consultation, found.proposals)
    assert files.parse(written.encode(), "export.yaml") == found


DOCS = (Path(__file__).parents[2] / "docs" / "staff" / "importing.md").read_text("utf-8")


def test_the_file_in_the_docs_can_be_copied() -> None:
    """The example under “A whole file” reads without a fault."""
    example = DOCS.split("```yaml\n")[1].split("```")[0]
    assert len(parse(example).proposals) == 2


def keys_in_docs(heading: str) -> dict[str, str]:
    """Return key -> “required” or “optional” of the table under a heading of the docs."""
    section = DOCS.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = re.findall(r"(?m)^\| `(\w+)` \| (required|optional)", section)
    return dict(rows)


@pytest.mark.parametrize(
    ("heading", "keys"),
    [
        ("The consultation", files.CONSULTATION_KEYS),
        ("A source", files.SOURCE_KEYS),
        ("A proposal", files.PROPOSAL_KEYS),
    ],
)
def test_the_docs_name_every_key(heading: str, keys: dict[str, Key]) -> None:
    """The tables in docs/staff/importing.md are those of the parser."""
    assert keys_in_docs(heading) == {
        name: "required" if key.required else "optional" for name, key in keys.items()
    }


def test_more_sources_than_a_ballot_can_name_are_refused() -> None:
    """The number of a ballot's source has seven bits."""
    entry = "  - {name: titre-%d, title: T, publisher: p, origins: [https://t%d.example]}\n"
    many = "".join(entry % (i, i) for i in range(127))
    crowded = re.sub(r"sources:\n.*?(?=proposals:)", f"sources:\n{many}", GOOD, flags=re.DOTALL)
    with pytest.raises(FileRefused) as refused:
        parse(crowded)
    (fault,) = refused.value.faults
    assert fault.field == "sources[127].name"
