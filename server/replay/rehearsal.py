"""The rehearsal that a conversation is replayed into: its statements are the proposals."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from server.consultations.consultation import Consultation, Proposal, ResultsRule
from server.consultations.errors import ConsultationUnknown, NotARehearsal, SlugTaken
from server.consultations.polis import Conversation
from server.consultations.values import SLUG_LENGTH
from server.store.store import Store

WINDOW = timedelta(days=365)


def default_slug(folder: str, now: datetime) -> str:
    """Return a slug that says what was replayed and when, to the second."""
    plain = unicodedata.normalize("NFKD", folder).encode("ascii", "ignore").decode().lower()
    stamp = f"{now.astimezone(UTC):%Y%m%d-%H%M%S}"
    name = re.sub(r"[^a-z0-9]+", "-", plain)[: SLUG_LENGTH - len(stamp) - 1].strip("-")
    return f"{name or 'replay'}-{stamp}"


def numbering(conversation: Conversation) -> Mapping[int, int]:
    """Return comment -> proposal id. Polis counts comments from 0, we count from 1."""
    return {statement.comment: statement.comment + 1 for statement in conversation.statements}


def create(
    store: Store, slug: str, topic: str, language: str, conversation: Conversation, now: datetime
) -> Consultation:
    """Keep a new rehearsal, open from now on; raise `NotARehearsal` or `SlugTaken`."""
    demand_free(store, slug)
    opens = now.astimezone(UTC).replace(microsecond=0)
    numbers = numbering(conversation)
    rehearsal = Consultation(
        id="",
        slug=slug,
        question=topic,
        language=language,
        opens=opens,
        closes=opens + WINDOW,
        results=ResultsRule.ALWAYS,
        rehearsal=True,
    )
    proposals = [Proposal(numbers[s.comment], s.text, language) for s in conversation.statements]
    return store.consultations.create(rehearsal, proposals)


def demand_free(store: Store, slug: str) -> None:
    try:
        demand_rehearsal(store, slug)
    except ConsultationUnknown:
        return
    raise SlugTaken(f"There is a rehearsal “{slug}” already: choose another --slug.", field="slug")


def demand_rehearsal(store: Store, slug: str) -> Consultation:
    """Return the rehearsal with this slug; raise `NotARehearsal` for one that counts votes."""
    known = store.consultations.by_slug(slug)
    if not known.rehearsal:
        raise NotARehearsal(f"“{slug}” counts real votes: a replay never writes there.")
    return known
