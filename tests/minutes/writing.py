"""Minutes without a store: a few votes, drawn up and signed."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from server.consultations.ballots import Ballot, Trust, Vote, encode
from server.consultations.consultation import Proposal, ProposalState
from server.consultations.minutes import Author, Count, Document, draw_up
from server.consultations.rows import compact
from server.keyring import Signer
from server.store.differences import Difference
from tests.conftest import consultation
from tests.minutes.conftest import BFM, KEY, RMC

LIKED = encode(Ballot.of(Vote.AGREE, ["likeIt", "doable"]), Trust.SEQUENCE)
LINKED = encode(Ballot(Vote.DISAGREE), Trust.TRUSTED)
PROPOSALS = [
    Proposal(1, "Il faut un café à l’aube", "fr"),
    Proposal(2, "We need quiet mornings", "en", central="c-2"),
    Proposal(3, "Il faut injurier le maire", "fr", state=ProposalState.REFUSED),
    Proposal(4, "Il faut attendre un jour", "fr", state=ProposalState.PENDING),
]
HISTOGRAMS = {
    1: {RMC: {LIKED: 13}, BFM: {LINKED: 1}},
    2: {BFM: {LIKED: 12}},
    3: {RMC: {LINKED: 1}},
}
VOTERS = {RMC: 30, BFM: 20}  # many enough that each source stands by itself
NOON = datetime(2027, 3, 12, 12, tzinfo=UTC)


def minutes(
    key: str = KEY,
    earlier: tuple[bytes, ...] = (),
    reason: str | None = None,
    histograms: Mapping[int, Mapping[int, Mapping[int, int]]] = HISTOGRAMS,
    differences: tuple[Difference, ...] = (),
    voters: Mapping[int, int] = VOTERS,
) -> Document:
    author = Author("essai", "https://vote.example", Signer.parse(key))
    count = Count(NOON, (4, 3), voters, histograms, differences)
    asked = consultation(question="Comment mieux dormir\u202f?", slug="mieux-dormir")
    return draw_up(author, asked, PROPOSALS, count, NOON, earlier, reason)


def written(key: str = KEY) -> bytes:
    return compact(minutes(key))


def changed(change: Callable[[Any], object], content: bytes | None = None) -> bytes:
    """Return the minutes after `change` was made to them, as a forger would write them."""
    document = json.loads(content or written())
    change(document)
    return compact(document)
