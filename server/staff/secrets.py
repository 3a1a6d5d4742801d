"""Secrets of staff: drawn here, shown once, and kept as digests only.

They are 256 random bits, so a plain digest cannot be guessed backwards; no slow hash is needed.
"""

import hmac
import secrets
from hashlib import sha256

BYTES = 32
TOKEN_PREFIX = "isoloir_"  # noqa: S105 - lets scanners of published code find a leaked one
HANDLE = 12  # hexadecimal digits of a digest, enough to name a token by


def draw() -> str:
    return secrets.token_urlsafe(BYTES)


def digest(secret: str) -> str:
    """Return what the store keeps of a secret."""
    return sha256(secret.encode()).hexdigest()


def form_token(session: str) -> str:
    """Return what every form of a session carries; no other session's forms do."""
    return hmac.new(session.encode(), b"form", sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())
