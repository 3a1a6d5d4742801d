"""Proposals that wait, and the staff who look at them."""

import json
from hashlib import sha1, sha256

from server.consultations.consultation import Consultation, Proposal
from server.consultations.proposing import Draft, Submission
from server.consultations.wording import likeness, verbatim
from server.store import keys
from server.store.store import Store

NORA, PAUL = "nora@staff", "Paul M."
PLACE = 4711


def propose(store: Store, opened: Consultation, *texts: str, author: str = "author") -> list[int]:
    """Propose each as another author, unless one is named; return their numbers."""
    return [
        store.proposing.propose(
            opened,
            f"{author}-{text.replace(' ', '-')}" if author == "author" else author,
            Draft(f"Il faut {text} davantage", "fr", "Zoé", 31),
            number,
            PLACE + number,
        ).proposal.id
        for number, text in enumerate(texts)
    ]


def own(store: Store, opened: Consultation, text: str) -> Submission:
    """Return what the author of one of `propose` is told."""
    (told,) = store.proposing.of(opened, f"author-{text.replace(' ', '-')}")
    return told


def published(store: Store, opened: Consultation) -> dict[int, Proposal]:
    every = store.consultations.proposals(opened)
    return {one.id: one for one in every if one.state == "accepted"}


def waiting(store: Store, opened: Consultation) -> list[int]:
    return [case.submission.proposal.id for case in store.moderation.queue.waiting(opened)]


def version(store: Store, opened: Consultation, number: int) -> str:
    case = store.moderation.cases.one(opened, number)
    assert case
    return case.version


def undo(store: Store, opened: Consultation, by: str, *numbers: int) -> tuple[int, ...]:
    """Undo the last decision on the first of these, and on those decided with it."""
    case = store.moderation.cases.one(opened, numbers[0])
    act = case.undo if case else ""
    return store.moderation.decisions.undo(opened, by, act, numbers)


def let_pass(store: Store, opened: Consultation, number: int, milliseconds: int = 10_000) -> None:
    """Make a decision as old as it would be later: the store's clock cannot be moved."""
    store.redis.zincrby(keys.due(opened.id), -milliseconds, number)


def digests_of(stored: str) -> set[str]:
    """Return what the store might keep of a text or of its JSON, whatever it cuts off."""
    text = json.loads(stored)["text"]
    whole = [one.encode() for one in (stored, text, likeness(text), verbatim(text))]
    every = [h(one).hexdigest() for one in whole for h in (sha1, sha256)]
    return {digest[:length] for digest in every for length in (12, 16, len(digest))}
