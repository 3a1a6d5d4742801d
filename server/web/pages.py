"""Pages: everything a booth page shows, as one value that the template renders."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import render_template

from server.consultations.ballots import QUALIFICATIONS
from server.consultations.consultation import DIRECT, HOUSE, Consultation, Source
from server.web.directory import Snapshot
from server.web.messages import Speech
from server.web.service import service

THEMES = ("auto", "light", "dark")


@dataclass(frozen=True)
class Card:
    id: int
    text: str
    author: str | None
    age: int | None
    language: str


@dataclass(frozen=True)
class OwnBallot:
    vote: str
    qualifications: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """One screen of the booth. The first card is the one shown."""

    screen: str  # card, result, final, upcoming, closed, unknown, blocked, error, continue
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
    participants: int = 0
    of: int = 0
    cards: tuple[Card, ...] = ()
    ticket: str = ""
    ballot: OwnBallot | None = None
    results: dict[str, Any] | None = None
    credential: str = ""
    voted: int = 0
    rehearsal: bool = False
    message: str = ""  # the code of the refusal that screen `error` speaks of
    oembed: str = ""  # address of the oEmbed answer about this page


@dataclass(frozen=True)
class Look:
    """What a publisher may choose about a booth, from the query of its address."""

    source: str = DIRECT
    lang: str | None = None
    theme: str = "auto"
    standalone: bool = False


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
    )


def speech_for(how: Look, consultation: Consultation | None = None) -> Speech:
    return service().messages.speech(how.lang, consultation.language if consultation else None)


def page(place: Place, screen: str, **more: Any) -> Page:
    """Return a page about this consultation; `more` are fields of `Page`."""
    snapshot, source, how = place.snapshot, place.source, place.how
    consultation = snapshot.consultation
    speech = speech_for(how, consultation)
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
            participants=snapshot.published.voters,
            of=len(snapshot.accepted),
            rehearsal=consultation.rehearsal,
            oembed=_oembed(consultation, source) if how.standalone else "",
        ),
        **more,
    )


def _oembed(consultation: Consultation, source: Source) -> str:
    own = service().settings.public_url
    pasted = f"{own}/c/{consultation.slug}?{urlencode({'source': source.name})}"
    return f"{own}/oembed?{urlencode({'url': pasted})}"


def cards(deck: dict[str, Any]) -> dict[str, Any]:
    """Return the page fields that a deck fills."""
    shown = tuple(Card(p.id, p.text, p.author, p.age, p.language) for p in deck["proposals"])
    return {"cards": shown, "ticket": deck["ticket"]}


def render(shown: Page) -> str:
    speech = service().messages.speech(shown.lang)
    return render_template(
        "booth.html",
        page=shown,
        nuances=QUALIFICATIONS,
        t=speech.t,
        n=speech.n,
        asset=service().assets.url,
    )
