"""`isoloir minutes`: write minutes out, verify a file of them anywhere, make a key to sign with."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import click

from server.cli import public_keys
from server.cli.at_store import store_of
from server.cli.public_keys import PUBLISHED, Trusted
from server.consultations.errors import MinutesNotYet
from server.consultations.minutes import Document
from server.consultations.minutes_files import SIZE_LIMIT, NotMinutes, faults, parse, signed_by
from server.keyring import PUBLIC, Keyring, PublicKey, new_key

NOT_PROVEN = 1  # exit code
SHOWN = 200  # characters of what a file says


@click.group()
def command() -> None:
    """Show and verify the signed final records of consultations."""


@command.command()
@click.argument("slug")
@click.option("--version", type=click.IntRange(1), help="Another one than the latest.")
@click.pass_obj
def show(data: Path, slug: str, version: int | None) -> None:
    """Write the minutes of SLUG to standard output.

    They are byte for byte as they were signed.
    """
    with store_of(data) as store:
        found = store.minutes.read(store.consultations.by_slug(slug), version)
    if found is None:
        which = f"version {version} of the minutes" if version else "minutes"
        raise MinutesNotYet(f"{slug} has no {which}. The teller draws them up after the close.")
    for piece in found.pieces():
        click.echo(piece, nl=False)


@command.command()
@click.argument(
    "path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--key", help="The public key: whpk_…, a file with it, or a service's address.")
@click.pass_obj
def verify(data: Path, path: Path, key: str | None) -> int:
    """Say what the minutes in FILE prove.

    Without --key, the key is that of the service on this machine. Exits with 1 unless everything
    is proven.
    """
    trusted = public_keys.given(key) if key else public_keys.own(data)
    try:
        with path.open("rb") as file:
            document = parse(file.read(SIZE_LIMIT + 1))
        lines, doubts = list(_stated(document)), list(_doubts(document, trusted))
    except NotMinutes as error:
        raise click.ClickException(f"{path} cannot be checked: {_plain(str(error))}") from None
    for line in lines:
        click.echo(_plain(line))
    if not doubts:
        signature, number = document["signature"], len(document["rows"])
        click.echo(f"Proven: key {signature['key']} ({trusted.origin}) signed exactly this.")
        click.echo(f"Proven: checksum and totals are those of the rows ({number}).")
    for doubt in doubts:
        click.echo(f"NOT PROVEN: {_plain(doubt)}")
    return NOT_PROVEN if doubts else 0


@command.command("new-key")
def make_key() -> None:
    """Write a new private key for ISOLOIR_SIGNING_KEY."""
    private = new_key()
    (public,) = Keyring.parse(private).keys
    click.echo(private)
    click.echo(f"Keep it secret. Its public key, {public.id}: {PUBLIC}{public.base64}", err=True)


def _stated(document: Document) -> Iterator[str]:
    """Yield what the file says. Whether that is so depends on the signature."""
    consultation, window = document["consultation"], document["window"]
    votes = sum(counters["count"] for counters in document["totals"].values())
    wrong, folded = document["recount"]["differences"], document["folded"]
    yield f"Says: {consultation['question']} ({consultation['slug']})"
    yield (
        f"Says: version {document['version']} of the minutes, drawn up {document['drawnUpAt']} by "
        f"{document['deployment']} ({document['service']})."
    )
    if document["rehearsal"]:
        yield "Says: a rehearsal; its votes count nowhere."
    yield f"Says: votes {votes}, voters {document['voters']['total']}."
    yield (
        f"Says: open {window['opens']} to {window['closes']} ({window['timezone']}), "
        f"sealed {document['sealedAt']}."
    )
    if folded["sources"]:
        names = ", ".join(folded["sources"])
        yield f"Says: counted as one, for some have fewer than {folded['below']} voters: {names}."
    if wrong:
        yield f"Says: {wrong} published numbers differed from the ballots; these are the ballots'."
    else:
        yield "Says: a recount of all ballots gave the same numbers."
    for one in document["earlier"]:
        yield f"Says: it follows version {one['version']}, SHA-256 {one['sha256']}."
    if document["reason"]:
        yield f"Says: why there is another version: {document['reason']}"


def _doubts(document: Document, trusted: Trusted) -> Iterator[str]:
    """Yield everything that keeps the file from being proven."""
    named = document["signature"]["key"]
    key = trusted.named(named)
    if key is None:
        yield from _unknown_signer(document, trusted)
    elif not signed_by(document, key):
        yield f"the signature of key {named} does not fit: something was changed after it."
    yield from faults(document)


def _unknown_signer(document: Document, trusted: Trusted) -> Iterator[str]:
    named = document["signature"]["key"]
    if trusted.keys:
        known = ", ".join(key.id for key in trusted.keys)
        yield f"it names key {named}, not {known} ({trusted.origin})."
        return
    if _fits_its_own_key(document):
        yield "it fits the key inside it, but anybody can write a file with a key of their own."
    else:
        yield "it does not even fit the key inside it."
    yield f"give the key of whoever should have signed: --key, from {PUBLISHED} of the service."


def _fits_its_own_key(document: Document) -> bool:
    try:
        return signed_by(document, PublicKey.parse(document["signature"]["publicKey"]))
    except ValueError:
        return False


def _plain(text: str) -> str:
    """Return a line that cannot move the cursor or turn the direction of what follows."""
    odd = ("C", "Zl", "Zp")
    shown = ("\ufffd" if unicodedata.category(c).startswith(odd) else c for c in text[:SHOWN])
    return "".join(shown)
