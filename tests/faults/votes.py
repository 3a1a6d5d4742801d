"""Votes through the store's own interface, for tests that need no browser."""

from server.consultations.ballots import Ballot, Trust
from server.consultations.consultation import Consultation
from server.consultations.errors import Superseded
from server.store.ballots import Wish
from server.store.store import Store


def agree(store: Store, consultation: Consultation, voter: str, proposal: int = 1) -> None:
    wish(store, consultation, "agree", voter=voter, proposal=proposal)


def wish(
    store: Store,
    consultation: Consultation,
    vote: str,
    number: int | None = None,
    voter: str = "voter",
    proposal: int = 1,
) -> bool:
    """State a wish; return whether it was counted, and not a newer one before it."""
    ballot = Ballot.of(vote, ())
    asked = Wish(proposal, ballot, Trust.TRUSTED, source=2, number=number, braked=False)
    try:
        store.ballots.cast(consultation, 0, voter, asked)
    except Superseded:
        return False
    return True
