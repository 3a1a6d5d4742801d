"""Any consultation that a file may hold, drawn by Hypothesis."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from server.consultations import files, logos
from server.consultations.actions import Action, ActionState, News, Target
from server.consultations.answers import Answer, Former
from server.consultations.colours import nearest_visible
from server.consultations.consultation import (
    DIRECT_SOURCE,
    Consultation,
    Proposal,
    ProposalState,
    ResultsRule,
    Source,
)
from server.consultations.deck_rules import DeckRules
from server.consultations.endorsements import Endorsement
from server.consultations.kinds import Kind
from server.consultations.partners import Partner, Role
from server.consultations.phases import STATED, Reached
from server.consultations.proposing import RefusalReason, Submission
from server.consultations.selection import Selected
from server.consultations.wording import objections, tidy
from server.consultations.workshops import Workshop
from tests.drawing import drawn

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
links = st.none() | st.builds("https://{}.example/{}".format, names, st.sampled_from(["", "a?b=c"]))
days = st.dates(date(2020, 1, 1), date(2099, 12, 31))
amounts = st.decimals(0, 10**9, allow_nan=False, places=2)
former = st.lists(st.builds(Former, lines, days), max_size=2).map(tuple)
news = st.lists(st.builds(News, days, lines, st.none() | amounts, links), max_size=3)
targets = st.none() | st.builds(Target, amounts.filter(bool), lines, days)
PICTURES = [None, *(logos.logo(drawn((40, 20), colour)) for colour in ("red", "#12345680"))]


def moments_from(first: int) -> st.SearchStrategy[int]:
    return st.integers(first, 2_500_000_000)


@st.composite
def followups(draw: st.DrawFn, ids: list[int], close: date) -> dict[str, Any]:
    """Draw what came of a consultation, as its fields have it."""
    some = st.lists(st.sampled_from(ids), unique=True).map(tuple)
    chosen = draw(some)
    after = st.dates(close, date(2099, 12, 31))
    workshops = draw(
        st.lists(
            st.builds(
                Workshop, st.integers(1, 10**6), lines, days,
                st.lists(lines, unique=True, max_size=2).map(tuple), some, st.none() | lines, links,
            ),
            max_size=3, unique_by=lambda one: one.id,
        )
    )  # fmt: skip
    actions = st.builds(
        Action, st.integers(1, 10**6), lines, lines, lines, days, targets,
        st.sampled_from(ActionState), some,
        news.map(lambda found: tuple(sorted(found, key=lambda one: one.on))),
    )  # fmt: skip
    backed = st.builds(Endorsement, lines, days, st.none() | st.sampled_from(ids), links)
    return {
        "selected": tuple(Selected(n, draw(after), draw(st.none() | lines)) for n in chosen),
        "workshops": tuple(sorted(workshops, key=lambda one: (one.on, one.id))),
        "actions": tuple(draw(st.lists(actions, max_size=2, unique_by=lambda one: one.id))),
        "endorsements": tuple(draw(st.lists(backed, max_size=3, unique_by=lambda one: one.handle))),
    }


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
            draw(st.none() | st.from_regex(r"#[0-9a-f]{6}", fullmatch=True).map(nearest_visible)),
            draw(st.booleans()),
        )
        for number, name in enumerate(source_names, 2)
    ]
    until = draw(st.none() | st.integers(window[0] + 1, window[1]))
    stated = draw(st.lists(st.sampled_from(STATED), unique=True))
    instants = sorted(draw(st.lists(moments_from(window[1]), min_size=4, max_size=4)))
    rehearsal = draw(st.booleans())
    ids = draw(st.lists(st.integers(1, 10**6), min_size=1, max_size=5, unique=True))
    asking = draw(st.booleans())
    answered = sorted(draw(st.sets(st.sampled_from(ids)))) if asking else []
    pictures = draw(st.lists(st.sampled_from(PICTURES), max_size=3))
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
        proposing=draw(st.booleans()),
        kind=Kind.CITIZENS_QUESTION if asking else Kind.CONSULTATION,
        deck=DeckRules(
            size=draw(st.integers(4, 30)),
            new=draw(st.integers(0, 4)),
            new_below=draw(st.integers(1, 1000)),
            controversial=draw(st.integers(0, 100)),
            tested_below=draw(st.integers(1001, 1_000_000)),
        ),
        theme=draw(st.none() | lines),
        cause=draw(st.none() | lines),
        featured=draw(st.booleans()),
        operation=draw(st.none() | names),
        partners=tuple(
            Partner(
                draw(st.sampled_from(Role)),
                draw(lines),
                draw(links),
                picture and logos.name_of(picture),
            )
            for picture in pictures
        ),
        answers=tuple(
            Answer(
                number,
                draw(lines),
                draw(days),
                draw(lines),
                draw(links),
                draw(st.none() | lines),
                draw(former),
            )
            for number in answered
        ),
        **draw(followups(ids, closes.date())),
        proposals_until=until and datetime.fromtimestamp(until, zone),
        reached=tuple(
            Reached(phase, datetime.fromtimestamp(instants[STATED.index(phase)], zone))
            for phase in sorted(stated, key=STATED.index)
        ),
    )
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
    numbers = draw(st.lists(st.integers(10**6 + 1, 2 * 10**6), max_size=3, unique=True))
    submitted = tuple(
        Submission(
            Proposal(number, f"Il faut aussi n° {number}", "fr", state=state),
            draw(st.none() | st.sampled_from(RefusalReason)) if state == "refused" else None,
            draw(st.none() | st.integers(1_577_836_800_000, 2_493_072_000_000)),
        )
        for number in numbers
        for state in [draw(st.sampled_from([ProposalState.PENDING, ProposalState.REFUSED]))]
    )
    kept = {logos.name_of(picture): picture for picture in pictures if picture}
    return files.ConsultationFile(found, proposals, kept, submitted)
