"""Pages: everything a booth page shows, as one value that the template renders."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from flask import render_template

from server.consultations.ages import CHOICES, Band
from server.consultations.ballots import QUALIFICATIONS
from server.consultations.consultation import (
    DIRECT,
    HOUSE,
    PROPOSAL_LENGTH,
    Consultation,
    Proposal,
    ResultsRule,
    Source,
)
from server.consultations.kinds import Kind
from server.store.voters import Forgotten
from server.web import surroundings
from server.web.directory import Snapshot
from server.web.followup import Followup, site
from server.web.messages import Speech
from server.web.service import service
from server.web.surroundings import Around, Reply

THEMES = ("auto", "light", "dark")
NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Card:
    id: int
    text: str
    author: str | None
    age: Band | None
    language: str

    @classmethod
    def of(cls, proposal: Proposal) -> "Card":
        return cls(proposal.id, proposal.text, proposal.author, proposal.band, proposal.language)


@dataclass(frozen=True)
class OwnBallot:
    vote: str
    qualifications: tuple[str, ...] = ()


@dataclass(frozen=True)
class OwnVote:
    """A card that the reader has voted on."""

    card: Card
    ballot: OwnBallot


@dataclass(frozen=True)
class Form:
    """A proposal as far as it is written, behind the prefix. `faults` are (field, code)."""

    prefix: str
    text: str = ""
    name: str = ""
    age: str = ""
    faults: tuple[tuple[str, str], ...] = ()
    done: bool = False
    over: bool = False  # too late: readers only vote now
    similar: tuple[Card, ...] = ()  # published already, and nearly the same
    link: str = ""  # by which its author finds the decision on another device
    ages = CHOICES

    @property
    def least(self) -> int:
        """Characters that must still follow the prefix."""
        return max(1, PROPOSAL_LENGTH[0] - self._taken)

    @property
    def most(self) -> int:
        """Characters that may follow the prefix."""
        return PROPOSAL_LENGTH[1] - self._taken

    @property
    def _taken(self) -> int:
        return len(self.prefix) + 1 if self.prefix else 0


@dataclass(frozen=True)
class Proposed:
    """A proposal of the reader's, and what staff decided on it."""

    text: str
    state: str  # pending, accepted, refused, merged; down: taken from readers again
    reason: str = ""
    into: Card | None = None  # the published one that stands for a duplicate
    votes: int | None = None  # on it, once it is published and the rule lets its author know

    @classmethod
    def of(cls, told: dict[str, Any], veiled: bool = False) -> "Proposed":
        """Return it from what the polling station tells; `veiled` keeps the votes back."""
        return cls(
            told["text"],
            "down" if told["down"] else "merged" if told["into"] else told["state"].value,
            "" if told["into"] else told["reason"] or "",
            Card.of(told["into"]) if told["into"] else None,
            None if veiled else told["votes"],
        )


@dataclass(frozen=True)
class Page:
    """One screen of the booth. The first card is the one shown."""

    screen: str  # card, result, final, menu, propose, upcoming, closed, unknown, blocked, error, continue
    lang: str
    theme: str = "auto"
    standalone: bool = False
    slug: str = ""
    question: str | None = None
    language: str = ""  # of the question
    source: str = DIRECT
    source_title: str = ""
    publisher: str = HOUSE
    accent: str | None = None
    opens: str | None = None
    closes: str | None = None
    closes_day: str = ""
    opens_in: str = ""  # how long until then, in words
    participants: int = 0
    of: int = 0
    cards: tuple[Card, ...] = ()
    ticket: str = ""
    ballot: OwnBallot | None = None
    results: dict[str, Any] | None = None
    own: tuple[OwnVote, ...] = ()
    proposed: tuple[Proposed, ...] = ()
    best: tuple[tuple[Card, dict[str, Any]], ...] = ()  # best supported, with their results
    proposing: bool = False  # whether readers may propose now
    asking: bool = False  # proposals are questions to somebody
    replies: Mapping[int, Reply] = field(default_factory=dict)  # by proposal, after the close
    replied: tuple[Card, ...] = ()  # questions that were answered, beyond the best supported
    after: Followup | None = None  # what has become of it since the close
    around: Around | None = None  # what stands beside the booth on its own page
    proposals_until: str = ""  # until when they may, if that is not until the close
    form: Form | None = None
    forgotten: Forgotten | None = None
    address: str = ""  # of the full page, to be shared
    state: str = ""  # upcoming, open, closed
    afterwards: str = ""  # what comes next, after the close
    asked: int | None = None  # the proposal that the address names, to be shown first
    veiled: bool = False  # results wait for the close
    told: bool = False  # whether everybody may see the results
    credential: str = ""
    voted: int = 0
    rehearsal: bool = False
    said: str = ""  # the message in the status line
    message: str = ""  # the code of the refusal that screen `error` speaks of
    oembed: str = ""  # address of the oEmbed answer about this page


@dataclass(frozen=True)
class Look:
    """What a publisher may choose about a booth, from the query of its address."""

    source: str = DIRECT
    lang: str | None = None
    theme: str = "auto"
    standalone: bool = False
    proposal: int | None = None  # to be shown first: somebody shared it
    veiled: bool = False  # results wait for the close; they may be shown later than the rule says


@dataclass(frozen=True)
class Place:
    """What a page is about: a consultation, seen through a source, in a certain look."""

    snapshot: Snapshot
    source: Source
    how: Look


def look(asked: Any, standalone: bool = False) -> Look:
    """Read a query or a form; what is odd falls back to what is usual.

    A form of the full page says so in its field `page`, so that the next screen is one too.
    """
    theme = asked.get("theme", "auto")
    return Look(
        source=asked.get("source") or DIRECT,
        lang=service().messages.known(asked.get("lang")),
        theme=theme if theme in THEMES else "auto",
        standalone=standalone or "page" in asked,
        proposal=_number(asked.get("proposal", "")),
        veiled=asked.get("results") == ResultsRule.AT_CLOSE,
    )


def _number(text: str) -> int | None:
    return int(text) if NUMBER.fullmatch(text) else None


def speech_for(how: Look, consultation: Consultation | None = None) -> Speech:
    return service().messages.speech(how.lang, consultation.language if consultation else None)


def page(place: Place, screen: str, **more: Any) -> Page:
    """Return a page about this consultation; `more` are fields of `Page`."""
    snapshot, source, how = place.snapshot, place.source, place.how
    consultation = snapshot.consultation
    speech, now = speech_for(how, consultation), datetime.now(UTC)
    return replace(
        Page(
            screen=screen,
            lang=speech.lang,
            theme=how.theme,
            standalone=how.standalone,
            slug=consultation.slug,
            question=consultation.question,
            language=consultation.language,
            source=source.name,
            source_title=source.title,
            publisher=source.publisher,
            accent=source.accent,
            opens=speech.moment(consultation.opens),
            closes=speech.moment(consultation.closes),
            closes_day=speech.day(consultation.closes),
            opens_in=speech.wait(consultation.opens - now),
            participants=snapshot.published.voters,
            of=len(snapshot.accepted),
            rehearsal=consultation.rehearsal,
            proposing=consultation.takes_proposals(now),
            proposals_until=_proposals_until(consultation, speech),
            asking=consultation.kind is Kind.CITIZENS_QUESTION,
            around=surroundings.around(consultation) if how.standalone else None,
            address=_address(consultation, source),
            state=state(consultation, now),
            afterwards=consultation.afterwards or "",
            asked=how.proposal,
            veiled=how.veiled,
            told=told(consultation, now, how.veiled),
            oembed=_oembed(consultation, source) if how.standalone else "",
        ),
        **more,
    )


def state(consultation: Consultation, now: datetime) -> str:
    """Return what the booth shows of the phase: upcoming, open or closed."""
    phase = consultation.phase(now)
    if phase.is_over:
        return "closed"
    return "open" if phase.takes_votes else "upcoming"


def told(consultation: Consultation, now: datetime, veiled: bool = False) -> bool:
    """Whether everybody may see the results; what is veiled waits for the close."""
    always = consultation.results is ResultsRule.ALWAYS and not veiled
    return always or consultation.phase(now).is_over


def _proposals_until(consultation: Consultation, speech: Speech) -> str:
    if not consultation.proposing or not consultation.proposals_until:
        return ""
    return speech.moment(consultation.proposes_until)


def _address(consultation: Consultation, source: Source) -> str:
    own = service().settings.public_url
    return f"{own}/c/{consultation.slug}?{urlencode({'source': source.name})}"


def _oembed(consultation: Consultation, source: Source) -> str:
    own = service().settings.public_url
    return f"{own}/oembed?{urlencode({'url': _address(consultation, source)})}"


def cards(deck: dict[str, Any]) -> dict[str, Any]:
    """Return the page fields that a deck fills."""
    shown = tuple(map(Card.of, deck["proposals"]))
    return {"cards": shown, "ticket": deck["ticket"]}


def render(shown: Page) -> str:
    speech = service().messages.speech(shown.lang)
    return render_template(
        "booth.html",
        page=shown,
        speech=speech,
        dir=speech.direction,
        nuances=QUALIFICATIONS,
        t=speech.t,
        n=speech.n,
        tongue=speech.language,
        site=site,
        asset=service().assets.url,
    )
