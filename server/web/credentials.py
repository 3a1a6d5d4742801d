"""Credentials: what lets a browser act as its voter, without an account and without a person."""

import hmac
import ipaddress
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256

from itsdangerous import BadData, BadSignature, URLSafeSerializer

from server.web.refusals import CredentialInvalid
from server.web.tokens import demand_token

REMEMBERED = 8192  # tokens: a reader's comes back with each vote, and costs 30 microseconds
SALT = "isoloir.credential"
ID_BYTES = 12
VOTER_BYTES = 8  # two of a million voters get the same name once in thirty million consultations
AUTHORS = b"isoloir.author"
WIDE = {4: 24, 6: 48}  # prefix length of the wide network, by IP version


@dataclass(frozen=True)
class Credential:
    """A random id at one publisher, and the 16-bit place that chooses its ballot box."""

    id: str
    publisher: str
    place: int
    issued: int  # seconds since 1970

    def voter(self, key: bytes) -> str:
        """Return the pseudonym in the consultation with that voter key: 11 characters."""
        message = f"{self.publisher}:{self.id}".encode()
        digest = hmac.digest(key, message, sha256)[:VOTER_BYTES]
        return urlsafe_b64encode(digest).decode().rstrip("=")


class VoterKey:
    """A consultation's voter key, and the pseudonyms it lately made; they go where it goes.

    Whoever could read them here could make them as well, with the key.
    """

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.voter = lru_cache(REMEMBERED)(lambda credential: str(credential.voter(raw)))

    def author(self, credential: Credential) -> str:
        """Return the name under which somebody proposes.

        It has a key of its own, so the store, which holds no credential, cannot tell which voter
        is which author.
        """
        return credential.voter(hmac.digest(self.raw, AUTHORS, sha256))


class Credentials:
    def __init__(self, secret_keys: tuple[str, ...], place_key: Callable[[], bytes]) -> None:
        self._serializer = URLSafeSerializer(list(secret_keys), salt=SALT)
        self._verified = lru_cache(REMEMBERED)(self._verify)
        several = len(secret_keys) > 1
        self._newest = URLSafeSerializer(secret_keys[-1], salt=SALT) if several else None
        # Asked for with the first credential, when there is a consultation: a store that is still to
        # be restored has none, and will have another key than the one we would draw.
        self._place_key = cache(place_key)

    def issue(self, publisher: str, address: str | None, now: float) -> str:
        """Return a new signed credential for a browser at this network address."""
        identity = secrets.token_urlsafe(ID_BYTES)
        return self._sign([identity, publisher, self._place(address), int(now)])

    def read(self, token: str) -> Credential:
        """Return the credential; raise `CredentialInvalid` if it is forged or malformed."""
        try:
            return self._verified(token)
        except (BadData, ValueError, TypeError):
            message = "This credential was not issued here. Ask for a new one."
            raise CredentialInvalid(message, field="credential") from None

    def _verify(self, token: str) -> Credential:
        demand_token(token)
        identity, publisher, place, issued = self._serializer.loads(token)
        return Credential(str(identity), str(publisher), int(place), int(issued))

    def renewed(self, token: str) -> str:
        """Return a good token signed by the newest key: itself, or the same credential again.

        So every reader who votes while both keys are known outlives the older one.
        """
        if self._newest is None:
            return token
        try:
            self._newest.loads(token)
        except BadSignature:
            return self._sign(self._serializer.loads(token))
        return token

    def _sign(self, payload: list[str | int]) -> str:
        token = self._serializer.dumps(payload)
        return token if isinstance(token, str) else token.decode()

    def _place(self, address: str | None) -> int:
        """Return the keyed hash of the wide network; the address itself is never kept."""
        digest = hmac.digest(self._place_key(), _wide_network(address).encode(), sha256)
        return int.from_bytes(digest[:2], "big")


def _wide_network(address: str | None) -> str:
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return str(ipaddress.ip_network((ip, WIDE[ip.version]), strict=False))
