"""Report links: by which a committed partner drafts news of one action, and nothing else.

A link carries the consultation, the action and a secret part, signed. The signature keeps guesses
from the store; the secret part is the one that staff made last, so another one ends it.
"""

import hmac
from typing import NamedTuple

from itsdangerous import BadData, URLSafeSerializer

from server.web.tokens import demand_token

SALT = "isoloir.report"
FIELD = b"isoloir.report.form"


class Opened(NamedTuple):
    """What a link says that was signed here. Whether it still holds, the store knows."""

    slug: str
    action: int
    secret: str


def token(secret_keys: tuple[str, ...], slug: str, action: int, secret: str) -> str:
    made = _serializer(secret_keys).dumps([slug, action, secret])
    return made if isinstance(made, str) else made.decode()


def address(
    public_url: str, secret_keys: tuple[str, ...], slug: str, action: int, secret: str
) -> str:
    """Return the whole address; it is for one partner alone."""
    return f"{public_url}/report/{token(secret_keys, slug, action, secret)}"


def read(secret_keys: tuple[str, ...], text: str) -> Opened | None:
    """Return what a token says; nothing if it was not signed here."""
    try:
        demand_token(text)
        slug, action, secret = _serializer(secret_keys).loads(text)
        return Opened(str(slug), int(action), str(secret))
    except (BadData, ValueError, TypeError):
        return None


def field(secret: str) -> str:
    """Return what only the page of a link can put into its forms."""
    return hmac.digest(secret.encode(), FIELD, "sha256").hex()


def is_field(given: str, secret: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), field(secret).encode())


def _serializer(secret_keys: tuple[str, ...]) -> URLSafeSerializer:
    return URLSafeSerializer(list(secret_keys), salt=SALT)
