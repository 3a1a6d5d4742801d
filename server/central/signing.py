"""Signatures: every request between a deployment and the central platform, Standard Webhooks v1.

What is signed is the body as it is sent, so that nothing unsigned is ever unpacked. A GET, which has
none, signs what it asks for. By hand, because the standard's own library signs only text.
"""

import base64
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from server.settings import SettingsError

PREFIX = "whsec_"
SECRET_BYTES = 32
SECRET_BYTES_ALLOWED = range(24, 65)  # the limits of the Standard Webhooks specification
TIMESTAMP = re.compile(r"[0-9]{1,12}")
TOLERANCE = 300  # seconds between the clocks of both ends
HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")


class SecretUnfit(SettingsError):
    """A shared secret that cannot be used. The message is one line that says what to do."""


class SignatureRefused(Exception):
    """A request that was not signed with a secret we share, or more than five minutes ago."""


def new_secret() -> str:
    """Return a fresh secret in the form both ends keep it, `whsec_…`."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def parse_secrets(text: str) -> tuple[str, ...]:
    """Return the secrets of a comma-separated list; raise `SecretUnfit` for one that is none.

    During a rotation the list has two: what is sent carries a signature by each, what is received
    needs one of them. So either end may go first.
    """
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    if not found or not all(map(_usable, found)):
        raise SecretUnfit(
            "ISOLOIR_CENTRAL_SECRET: each secret is whsec_ and 24 to 64 bytes in base64."
        )
    return found


def asked(deployment: str, consultation: str, query: str = "") -> bytes:
    """Return what a GET signs in place of a body: `<deployment>/<consultation>`, `?` and a query."""
    return f"{deployment}/{consultation}{'?' if query else ''}{query}".encode()


def sign(shared: Sequence[str], body: bytes, now: datetime) -> dict[str, str]:
    """Return the three headers for `body`, as it is sent, at `now` (with a time zone)."""
    identifier, timestamp = f"msg_{secrets.token_hex(16)}", str(int(now.timestamp()))
    signatures = [_signature(secret, identifier, timestamp, body) for secret in shared]
    values = (identifier, timestamp, " ".join(signatures))
    return dict(zip(HEADERS, values, strict=True))


@dataclass(frozen=True)
class Signature:
    """The signature of a request, before its body is known. `given`: `v1,…`, one per secret."""

    identifier: str
    timestamp: str
    given: tuple[str, ...]

    @classmethod
    def read(cls, headers: Mapping[str, str], now: datetime) -> "Signature":
        """Read the headers; raise `SignatureRefused` if no body could fit them at `now`."""
        lower = {name.lower(): value for name, value in headers.items()}
        identifier, timestamp, given = (lower.get(name, "") for name in HEADERS)
        if not (identifier and timestamp and given):
            raise SignatureRefused("The request is not signed.")
        if not TIMESTAMP.fullmatch(timestamp):
            raise SignatureRefused("The timestamp is no number of seconds.")
        age = now.timestamp() - int(timestamp)
        if abs(age) > TOLERANCE:
            raise SignatureRefused(f"The request is too {'old' if age > 0 else 'new'}.")
        return cls(identifier, timestamp, tuple(given.split(" ")))

    def verify(self, shared: Sequence[str], body: bytes) -> None:
        """Raise `SignatureRefused` unless one of the secrets signed `body`."""
        for secret in shared:
            fitting = _signature(secret, self.identifier, self.timestamp, body).encode()
            if any(hmac.compare_digest(fitting, one.encode()) for one in self.given):
                return
        raise SignatureRefused("No signature fits.")


def _signature(secret: str, identifier: str, timestamp: str, body: bytes) -> str:
    code = hmac.new(_key(secret), f"{identifier}.{timestamp}.".encode(), "sha256")
    code.update(body)
    return f"v1,{base64.b64encode(code.digest()).decode()}"


def _key(secret: str) -> bytes:
    # Both ends take a secret whose padding was lost.
    return base64.b64decode(secret.removeprefix(PREFIX) + "==")


def _usable(secret: str) -> bool:
    try:
        return secret.startswith(PREFIX) and len(_key(secret)) in SECRET_BYTES_ALLOWED
    except ValueError:
        return False
