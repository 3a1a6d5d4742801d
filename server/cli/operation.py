"""`isoloir operation`: launch many consultations together, from one spreadsheet."""

from functools import partial
from pathlib import Path

import click

from server.cli.at_store import store_of
from server.cli.beside import beside
from server.cli.moments import now, window
from server.consultations import operations, steering, values
from server.consultations.consultation import Consultation
from server.consultations.files import ConsultationFile
from server.consultations.operations import Sheet
from server.consultations.phases import Phase
from server.consultations.records import Wrong
from server.staff.acts import by_operator
from server.store.store import Store

path = click.Path(exists=True, dir_okay=False, path_type=Path)
dry_run = click.option("--dry-run", is_flag=True, help="Check and tell, and change nothing.")


@click.group()
def command() -> None:
    """Create, check and open the consultations of an operation."""


@command.command()
@click.argument("name", callback=lambda _, __, name: _name(name))
@click.argument("table", metavar="TABLE.csv", type=path)
@click.option("--like", type=path, help="A file with what all of them share.")
@dry_run
@click.pass_obj
def create(data: Path, name: str, table: Path, like: Path | None, dry_run: bool) -> None:
    """Create a consultation of each row of TABLE.csv, as the operation NAME.

    They are created all or none. Said again, only what is new in the table is created.
    """
    shared = Sheet(like.read_bytes(), str(like)) if like else None
    wanted = operations.read(
        name,
        Sheet(table.read_bytes(), str(table)),
        shared,
        partial(beside, like.parent if like else table.parent),
    )
    with store_of(data) as store:
        new = operations.missing(wanted, store.consultations.all(), now())
        for one in wanted:
            if one in new and not dry_run:
                store.running.create(one, now(), by_operator)
            click.echo(_line(one, one in new))
    done = "would be created" if dry_run else "created"
    click.echo(f"{name}: {len(new)} {done}, {len(wanted) - len(new)} there already.", err=True)


@command.command("open")
@click.argument("name")
@dry_run
@click.pass_obj
def open_(data: Path, name: str, dry_run: bool) -> None:
    """Open now all consultations of the operation NAME that are not open yet."""
    with store_of(data) as store:
        found = [one for one in _of(store, name) if one.phase(now()) is Phase.ANNOUNCED]
        for one in found:
            opened = steering.opened(one, now())
            if not dry_run:
                opened = store.running.open(one.slug, now(), by_operator)
            click.echo(f"{one.slug}  {window(opened)}")
    done = "would be opened" if dry_run else "opened"
    click.echo(f"{name}: {len(found)} {done}.", err=True)


@command.command("list")
@click.argument("name")
@click.pass_obj
def list_(data: Path, name: str) -> None:
    """List the consultations of the operation NAME."""
    with store_of(data) as store:
        found = _of(store, name)
    for one in found:
        click.echo(f"{one.slug}  {one.phase(now())}  {window(one)}")


def _of(store: Store, name: str) -> list[Consultation]:
    found = [one for one in store.consultations.all() if one.operation == name]
    if not found:
        raise click.ClickException(f"There is no operation “{name}”.")
    return sorted(found, key=lambda one: (one.opens, one.slug))


def _line(one: ConsultationFile, new: bool) -> str:
    made = one.consultation
    there = "" if new else "  there already"
    return f"{made.slug}  {len(one.proposals)} proposals  {window(made)}{there}"


def _name(name: str) -> str:
    try:
        return values.slug(name)
    except Wrong as wrong:
        raise click.BadParameter(str(wrong)) from None
