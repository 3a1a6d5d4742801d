"""The keyring: the Ed25519 keys that sign what this service says for good.

A key is written as Standard Webhooks write theirs: `whsk_` and the base64 of the 32-byte seed for
a private one, `whpk_` and the base64 of the 32 bytes for a public one.
"""

import base64
import secrets
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from server.settings import SettingsError

PRIVATE, PUBLIC = "whsk_", "whpk_"
KEY_BYTES = 32
MAKE_ONE = "`isoloir minutes new-key` makes one."


class KeyUnfit(SettingsError):
    """A key that cannot be used. The message is one line that says what to do."""


@dataclass(frozen=True)
class PublicKey:
    """What anybody may have, to verify. `id` is the beginning of the SHA-256 of its bytes."""

    raw: bytes

    @classmethod
    def parse(cls, text: str) -> "PublicKey":
        """Read `whpk_…` or bare base64; raise `ValueError` for what is no public key."""
        return cls(_bytes(text.strip().removeprefix(PUBLIC)))

    @property
    def id(self) -> str:
        return sha256(self.raw).hexdigest()[:16]

    @property
    def base64(self) -> str:
        return base64.b64encode(self.raw).decode()

    def fits(self, signature: bytes, message: bytes) -> bool:
        """Whether this key's owner signed exactly `message`."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class Signer:
    """A private key, and the public one that goes with it."""

    private: Ed25519PrivateKey
    key: PublicKey

    @classmethod
    def parse(cls, text: str) -> "Signer":
        """Read `whsk_…`; raise `ValueError` for what is no private key."""
        private = Ed25519PrivateKey.from_private_bytes(_bytes(text.removeprefix(PRIVATE)))
        return cls(private, PublicKey(private.public_key().public_bytes_raw()))

    def sign(self, message: bytes) -> bytes:
        return self.private.sign(message)


@dataclass(frozen=True)
class Keyring:
    """Every key that has ever signed, oldest first. Only the last one needs to be private."""

    keys: tuple[PublicKey, ...] = ()
    signer: Signer | None = None

    @classmethod
    def parse(cls, text: str | None) -> "Keyring":
        """Read ISOLOIR_SIGNING_KEY, a comma-separated list; raise `KeyUnfit` for what is no key."""
        written = [part.strip() for part in (text or "").split(",") if part.strip()]
        try:
            signers = [Signer.parse(t) if t.startswith(PRIVATE) else None for t in written]
            pairs = zip(written, signers, strict=True)
            keys = tuple(signer.key if signer else _published(text) for text, signer in pairs)
        except ValueError:
            raise KeyUnfit(
                "ISOLOIR_SIGNING_KEY: each key is whsk_ (private) or whpk_ (public) and 32 bytes "
                f"in base64. {MAKE_ONE}"
            ) from None
        return cls(keys, signers[-1] if signers else None)

    def demand_signer(self) -> Signer:
        """Return the key that signs, or raise `KeyUnfit`."""
        if not self.keys:
            raise KeyUnfit(f"ISOLOIR_SIGNING_KEY is missing: it signs the minutes. {MAKE_ONE}")
        if self.signer is None:
            raise KeyUnfit("ISOLOIR_SIGNING_KEY: the last key signs, so it must be private, whsk_…")
        return self.signer


def new_key() -> str:
    """Return a fresh private key, `whsk_…`: a seed is any 32 random bytes."""
    return PRIVATE + base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _published(text: str) -> PublicKey:
    if not text.startswith(PUBLIC):
        raise ValueError("neither a private nor a public key")
    return PublicKey.parse(text)


def _bytes(text: str) -> bytes:
    raw = base64.b64decode(text, validate=True)
    if len(raw) != KEY_BYTES:
        raise ValueError(f"{len(raw)} bytes are no Ed25519 key")
    return raw
