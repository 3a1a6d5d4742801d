"""Home: what is asked now, what will be, and what was, for anybody and about nobody."""

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request

from server.consultations.consultation import Consultation
from server.consultations.errors import ConsultationUnknown, StoreUnavailable
from server.consultations.kinds import Kind
from server.consultations.listing import Group, listed
from server.consultations.phases import STATED
from server.web import headers
from server.web.messages import Speech
from server.web.service import service
from server.web.shelf import kept

blueprint = Blueprint("home", __name__)


@dataclass(frozen=True)
class Item:
    """A consultation on the home page."""

    slug: str
    question: str
    language: str
    facts: str  # participants, and the state in words
    stage: str  # what follows the vote now: the key of a message, or nothing
    asking: bool
    subjects: str  # what it serves and what it is about


@dataclass(frozen=True)
class Part:
    """What belongs together, under its own heading if it has one."""

    cause: str | None
    theme: str | None
    language: str
    items: tuple[Item, ...]


@blueprint.get("/")
def show() -> Response:
    """Serve the page in the language asked for, or in the first that the browser prefers."""
    messages = service().messages
    preferred = request.accept_languages.best_match(messages.spoken)
    speech = messages.speech(messages.known(request.args.get("lang")), preferred)
    page = _page(speech)
    status = HTTPStatus.OK if page else HTTPStatus.SERVICE_UNAVAILABLE
    response = Response(page or _rendered(speech, None), status.value, mimetype="text/html")
    cache = headers.FRESH if page else headers.PRIVATE
    headers.dress(response, service().settings.origin, headers.NOBODY, cache)
    response.headers["Content-Language"] = speech.lang
    response.vary.add("Accept-Language")
    return response


def address(speech: Speech) -> str:
    """Return the whole address of the page in one language."""
    return f"{service().settings.public_url}/?{urlencode({'lang': speech.lang})}"


def _page(speech: Speech) -> str | None:
    """Return the page as it was a moment ago; without a store, as it was a minute ago at most."""
    try:
        return kept(("/", speech.lang), lambda: _rendered(speech, _sections(speech)))
    except StoreUnavailable:
        return None


def _sections(speech: Speech) -> dict[str, list[Part]]:
    found = listed(service().store.consultations.all(), datetime.now(UTC))
    featured = (Group(None, None, found.featured),) if found.featured else ()
    sections = {
        "featured": featured,
        "open": found.open,
        "upcoming": found.upcoming,
        "past": found.past,
    }
    return {name: [_part(one, speech) for one in groups] for name, groups in sections.items()}


def _part(group: Group, speech: Speech) -> Part:
    language = group.consultations[0].language
    items = tuple(_item(one, speech) for one in group.consultations)
    return Part(group.cause, group.theme, language, items)


def _item(consultation: Consultation, speech: Speech) -> Item:
    phase = consultation.phase(datetime.now(UTC))
    return Item(
        slug=consultation.slug,
        question=consultation.question,
        language=consultation.language,
        facts=_facts(consultation, speech),
        stage=f"{phase}Stage" if phase in STATED else "",
        asking=consultation.kind is Kind.CITIZENS_QUESTION,
        subjects=" · ".join(filter(None, (consultation.cause, consultation.theme))),
    )


def _facts(consultation: Consultation, speech: Speech) -> str:
    state = state_in_words(consultation, speech)
    voters = participants(consultation)
    if not voters:
        return state
    return speech.t("facts", participants=speech.t("participants", count=voters), state=state)


def state_in_words(consultation: Consultation, speech: Speech) -> str:
    phase = consultation.phase(datetime.now(UTC))
    if phase.is_over:
        return speech.t("closedOn", day=speech.date(consultation.closes))
    if phase.takes_votes:
        return speech.t("openUntil", day=speech.day(consultation.closes))
    return speech.t("opensOn", day=speech.date(consultation.opens))


def participants(consultation: Consultation) -> int:
    try:
        return service().directory.find(consultation.slug).published.voters
    except ConsultationUnknown:
        return 0  # it went while we looked


def _rendered(speech: Speech, sections: dict[str, list[Part]] | None) -> str:
    own = f"{service().settings.public_url}/"
    return render_template(
        "home.html",
        sections=sections,
        lang=speech.lang,
        dir=speech.direction,
        t=speech.t,
        own=own,
        here=address(speech),
        spoken=service().messages.names(),
        locale=str(speech.locale),
        asset=service().assets.url,
    )
