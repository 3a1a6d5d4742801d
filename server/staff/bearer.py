"""Tokens of the API: what a programme may do in a member's name, and until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from server.consultations.errors import TokenRefused
from server.consultations.wording import TRICK
from server.staff.members import Member
from server.staff.roles import Permission

LABEL_LENGTH = 60  # characters
LONGEST = timedelta(days=366)
USUAL = timedelta(days=90)
MOST = 500  # tokens in one deployment


@dataclass(frozen=True)
class Token:
    """What is kept of a token beside its digest. `handle` names it where people see it."""

    handle: str
    member: str  # a member's id
    label: str
    scopes: frozenset[Permission]
    made: datetime
    ends: datetime
    used: date | None = None

    def allows(self, member: Member) -> frozenset[Permission]:
        """Return what it allows now: never more than its member's role does."""
        return self.scopes & member.permissions


def token(
    handle: str,
    member: Member,
    label: str,
    scopes: Iterable[Permission],
    now: datetime,
    ends: datetime,
) -> Token:
    """Return a token as asked for; raise `TokenRefused` with the field at fault."""
    written, asked = " ".join(label.split()), frozenset(scopes)
    if not 1 <= len(written) <= LABEL_LENGTH or TRICK.search(written) or not written.isprintable():
        raise TokenRefused(f"Say in 1 to {LABEL_LENGTH} characters what it is for.", "label")
    if not asked:
        raise TokenRefused("A token needs at least one scope.", "scopes")
    if beyond := sorted(asked - member.permissions):
        names = ", ".join(beyond)
        raise TokenRefused(f"{member.name} may not do that: {names}.", "scopes")
    if not now < ends <= now + LONGEST:
        raise TokenRefused(f"It ends within {LONGEST.days} days.", "ends")
    return Token(handle, member.id, written, asked, now, ends)


def end_of(day: date) -> datetime:
    """Return when a token that is good until a day, that day included, ends."""
    return datetime.combine(day, datetime.min.time(), UTC) + timedelta(days=1)
