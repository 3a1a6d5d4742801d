"""Private links: by which an author, on any device, learns what became of one proposal.

A link carries the proposal's number and a signature over it and the author's mark. The key is made
of the consultation's voter key, and the mark goes when the author is forgotten: so a link ends with
the one or with the other, and nothing is kept for it. It leads to no voter and votes for nobody.
"""

import re
from hashlib import sha256

from itsdangerous import Signer

from server.consultations.proposing import Submission
from server.store.proposing import Proposing
from server.web.directory import Snapshot
from server.web.visits import Visit

SALT = b"isoloir.private-link"
TOKEN = re.compile(r"([1-9][0-9]{0,8})\.([A-Za-z0-9_-]{43})")


def token(visit: Visit, number: int) -> str:
    """Return what stands in the link to one of the author's own proposals.

    Raises `BallotsDestroyed` if nothing leads to an author any more.
    """
    said = _said(number, Proposing.mark_of(visit.author))
    return f"{number}.{_signer(visit.snapshot).get_signature(said).decode()}"


def follow(proposing: Proposing, snapshot: Snapshot, text: str) -> Submission | None:
    """Return the proposal that a token leads to; nothing if it leads nowhere (any more)."""
    parts = TOKEN.fullmatch(text)
    if not parts or snapshot.voter_key is None:
        return None
    number = int(parts[1])
    mark, found = proposing.marked(snapshot.consultation, number)
    good = _signer(snapshot).verify_signature(_said(number, mark), parts[2])
    return found if mark and good else None


def _said(number: int, mark: str) -> str:
    return f"{number}.{mark}"


def _signer(snapshot: Snapshot) -> Signer:
    key = snapshot.demand_voter_key().raw
    return Signer(key, SALT, key_derivation="hmac", digest_method=sha256)
