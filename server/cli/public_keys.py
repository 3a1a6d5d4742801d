"""The public keys that a person trusts: as text, in a file, published by a service, or our own."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import click
import urllib3
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from server.consultations.minutes import ALGORITHM
from server.keyring import PRIVATE, Keyring, PublicKey
from server.settings import with_data_folder

PUBLISHED = "/.well-known/isoloir/keys.json"
PEM = b"-----BEGIN PUBLIC KEY-----"
SIZE_LIMIT = 64 * 1024  # bytes; several hundred keys
TIMEOUT = 10.0  # seconds


@dataclass(frozen=True)
class Trusted:
    """Keys, and in words where they come from."""

    keys: Sequence[PublicKey]
    origin: str

    def named(self, identifier: str) -> PublicKey | None:
        return next((key for key in self.keys if key.id == identifier), None)


def own(data: Path) -> Trusted:
    """Return the keys of the service on this machine; none if there is none, or not for us."""
    try:
        keyring = Keyring.parse(with_data_folder(data).get("ISOLOIR_SIGNING_KEY"))
    except PermissionError:
        keyring = Keyring()
    return Trusted(keyring.keys, "the service on this machine")


def given(text: str) -> Trusted:
    """Return the keys that `text` leads to: a key, a file, or the address of a service."""
    if text.startswith(("https://", "http://")):
        return Trusted(_read(_fetch(text), text), text)
    path = Path(text)
    if path.is_file():
        with path.open("rb") as file:
            return Trusted(_read(file.read(SIZE_LIMIT + 1), text), text)
    try:
        return Trusted([_parse(text)], "given with --key")
    except ValueError:
        raise click.ClickException(
            "--key takes whpk_… or the same in base64, a file that is there, or an address."
        ) from None


def _read(content: bytes, name: str) -> list[PublicKey]:
    """Read PEM, the JSON that a service publishes, or one key as text."""
    try:
        if len(content) > SIZE_LIMIT:
            raise ValueError("too large")
        if content.lstrip().startswith(PEM):
            return [_from_pem(content)]
        if content.lstrip().startswith(b"{"):
            return [
                PublicKey.parse(key["publicKey"])
                for key in json.loads(content)["keys"]
                if key["algorithm"] == ALGORITHM
            ]
        return [_parse(content.decode())]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise click.ClickException(f"{name}: there is no {ALGORITHM} public key in it.") from None


def _parse(text: str) -> PublicKey:
    if text.strip().startswith(PRIVATE):
        raise click.ClickException("That is a private key. Give it to nobody; --key takes whpk_…")
    return PublicKey.parse(text)


def _from_pem(content: bytes) -> PublicKey:
    key = load_pem_public_key(content)
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("another algorithm")
    return PublicKey(key.public_bytes_raw())


def _fetch(text: str) -> bytes:
    try:
        parts = urlsplit(text)
        host, path = parts.hostname, parts.path.strip("/")
    except ValueError:
        raise click.ClickException(f"{text} is no address.") from None
    if parts.scheme == "http" and host not in {"localhost", "127.0.0.1", "::1"}:
        raise click.ClickException("A key fetched without https proves nothing: use https://.")
    url = text if path else f"{text.rstrip('/')}{PUBLISHED}"
    try:
        with urllib3.PoolManager(timeout=TIMEOUT, retries=False) as http:
            answer = http.request("GET", url, preload_content=False)
            content = bytes(answer.read(SIZE_LIMIT + 1))
            answer.close()
    except (urllib3.exceptions.HTTPError, ValueError) as error:
        raise click.ClickException(f"{url} does not answer ({type(error).__name__}).") from None
    if answer.status != 200:
        raise click.ClickException(f"{url} answers {answer.status}.")
    return content
