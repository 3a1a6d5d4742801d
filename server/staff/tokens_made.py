"""Making a token: drawn here, kept as a digest, and given back once to whoever asked."""

from collections.abc import Iterable
from datetime import UTC, datetime

from server.staff import bearer, secrets
from server.staff.acts import Act
from server.staff.members import Member
from server.staff.roles import Permission
from server.store.store import Store


def keep(
    store: Store,
    who: Member,
    label: str,
    scopes: Iterable[Permission],
    ends: datetime,
    done: Act,
) -> str:
    """Make a token and return its secret; raise `TokenRefused`."""
    secret = secrets.TOKEN_PREFIX + secrets.draw()
    handle = secrets.digest(secret)[: secrets.HANDLE]
    made = bearer.token(handle, who, label, scopes, datetime.now(UTC), ends)
    store.staff.add_token(made, secret, done)
    return secret


def told(who: Member, scopes: Iterable[Permission]) -> str:
    """Return what the trail says of a new token."""
    return f"{who.name}: {' '.join(sorted(scopes))}"
