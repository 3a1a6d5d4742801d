"""Credentials: what lets a browser act as its voter, without an account and without a person."""

import hmac
import ipaddress
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from itsdangerous import BadData, URLSafeSerializer

from server.web.refusals import CredentialInvalid

ID_BYTES = 12
VOTER_BYTES = 12
WIDE = {4: 24, 6: 48}  # prefix length of the wide network, by IP version


@dataclass(frozen=True)
class Credential:
    """A random id at one publisher, and the 16-bit place that chooses its ballot box."""

    id: str
    publisher: str
    place: int
    issued: int  # seconds since 1970

    def voter(self, key: bytes) -> str:
        """Return the pseudonym in the consultation with that voter key: 16 characters."""
        message = f"{self.publisher}:{self.id}".encode()
        digest = hmac.digest(key, message, sha256)[:VOTER_BYTES]
        return urlsafe_b64encode(digest).decode()


class Credentials:
    def __init__(self, secret_keys: tuple[str, ...], place_key: bytes) -> None:
        self._serializer = URLSafeSerializer(list(secret_keys), salt="isoloir.credential")
        self._place_key = place_key

    def issue(self, publisher: str, address: str | None, now: float) -> str:
        """Return a new signed credential for a browser at this network address."""
        identity = secrets.token_urlsafe(ID_BYTES)
        return self._sign([identity, publisher, self._place(address), int(now)])

    def read(self, token: str) -> Credential:
        """Return the credential; raise `CredentialInvalid` if it is forged or malformed."""
        try:
            identity, publisher, place, issued = self._serializer.loads(token)
            return Credential(str(identity), str(publisher), int(place), int(issued))
        except (BadData, ValueError, TypeError):
            message = "This credential was not issued here. Ask for a new one."
            raise CredentialInvalid(message, field="credential") from None

    def _sign(self, payload: list[str | int]) -> str:
        token = self._serializer.dumps(payload)
        return token if isinstance(token, str) else token.decode()

    def _place(self, address: str | None) -> int:
        """Return the keyed hash of the wide network; the address itself is never kept."""
        digest = hmac.digest(self._place_key, _wide_network(address).encode(), sha256)
        return int.from_bytes(digest[:2], "big")


def _wide_network(address: str | None) -> str:
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return str(ipaddress.ip_network((ip, WIDE[ip.version]), strict=False))
