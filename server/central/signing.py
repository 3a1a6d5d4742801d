"""Signatures: every request between a deployment and the central platform, Standard Webhooks v1.

The text that is signed is the body before any compression; a GET signs the empty body.
"""

import base64
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from server.settings import SettingsError

PREFIX = "whsec_"
SECRET_BYTES = 32
SECRET_BYTES_ALLOWED = range(24, 65)  # the limits of the Standard Webhooks specification
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


def sign(shared: Sequence[str], body: bytes, now: datetime) -> dict[str, str]:
    """Return the three headers for `body` (UTF-8), sent at `now` (with a time zone)."""
    # The library replaces the time zone instead of converting to UTC.
    sent = now.astimezone(UTC)
    identifier = f"msg_{secrets.token_hex(16)}"
    signatures = [Webhook(secret).sign(identifier, sent, body.decode()) for secret in shared]
    values = (identifier, str(int(sent.timestamp())), " ".join(signatures))
    return dict(zip(HEADERS, values, strict=True))


def verify(shared: Sequence[str], body: bytes, headers: Mapping[str, str]) -> None:
    """Raise `SignatureRefused` unless one of the secrets signed `body` within five minutes."""
    lower = {name.lower(): value for name, value in headers.items()}
    given = {name: lower.get(name, "") for name in HEADERS}
    refused = "The request is not signed."
    for secret in shared:
        try:
            Webhook(secret).verify(body, given, json_parse=False)
        except WebhookVerificationError as error:
            refused = f"{error}."
        except ValueError:
            # What the library raises for a signature without comma, bad base64 or bad UTF-8.
            refused = "The signature or the body is malformed."
        else:
            return
    raise SignatureRefused(refused)


def _usable(secret: str) -> bool:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX) + "==")
    except ValueError:
        return False
    return secret.startswith(PREFIX) and len(key) in SECRET_BYTES_ALLOWED
