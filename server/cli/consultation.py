"""`isoloir consultation`: take a consultation in from a file, write it out, open and close it."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from server.cli.at_store import store_of
from server.consultations import files
from server.consultations.consultation import Consultation, Phase
from server.store.store import Store


@click.group()
def command() -> None:
    """Import, export, open, close and list consultations."""


def import_file(store: Store, path: Path) -> Consultation:
    """Keep what the file says; raise `FileRefused` with every fault, or `SlugTaken`."""
    found = files.parse(path.read_bytes(), str(path))
    return store.consultations.create(found.consultation, found.proposals)


@command.command("import")
@click.argument(
    "path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.pass_obj
def import_(data: Path, path: Path) -> None:
    """Take in a consultation from FILE, whole; or list every fault in it and take nothing."""
    with store_of(data) as store:
        made = import_file(store, path)
        number = len(store.consultations.proposal_ids(made))
    click.echo(f"{made.slug}: {number} proposals, {_window(made)}")


@command.command()
@click.argument("slug")
@click.pass_obj
def export(data: Path, slug: str) -> None:
    """Write the consultation SLUG to standard output, as a file that can be imported."""
    with store_of(data) as store:
        found = store.consultations.by_slug(slug)
        click.echo(files.dump(found, store.consultations.proposals(found)), nl=False)


@command.command("list")
@click.pass_obj
def list_(data: Path) -> None:
    """List all consultations."""
    with store_of(data) as store:
        known = store.consultations.all()
    width = max((len(one.slug) for one in known), default=0)
    for one in known:
        kind = "  rehearsal" if one.rehearsal else ""
        click.echo(f"{one.slug:<{width}}  {one.phase(_now()):<8}  {_window(one)}{kind}")


@command.command("open")
@click.argument("slug")
@click.pass_obj
def open_(data: Path, slug: str) -> None:
    """Open the consultation SLUG now, before its time."""
    with store_of(data) as store:
        found = _in_phase(store, slug, Phase.UPCOMING)
        store.consultations.replace(replace(found, opens=_now().astimezone(found.opens.tzinfo)))
    click.echo(f"{slug} is open.")


@command.command()
@click.argument("slug")
@click.pass_obj
def close(data: Path, slug: str) -> None:
    """Close the consultation SLUG now, for good, and seal its ballot boxes."""
    with store_of(data) as store:
        found = _in_phase(store, slug, Phase.OPEN)
        closed = replace(found, closes=_now().astimezone(found.closes.tzinfo))
        store.consultations.replace(closed)
        store.ballots.seal(closed)
    click.echo(f"{slug} is closed; its ballot boxes are sealed.")


def _in_phase(store: Store, slug: str, wanted: Phase) -> Consultation:
    found = store.consultations.by_slug(slug)
    phase = found.phase(_now())
    if phase is not wanted:
        raise click.ClickException(f"{slug} is {phase}: {_window(found)}.")
    return found


def _window(consultation: Consultation) -> str:
    zone = consultation.opens.tzinfo
    opens, closes = (
        f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
        for moment in (consultation.opens, consultation.closes)
    )
    return f"{opens} to {closes} ({zone})"


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
