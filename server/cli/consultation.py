"""`isoloir consultation`: take one in from a file, write it out, open, close and purge it."""

from datetime import datetime
from functools import partial
from pathlib import Path

import click

from server.cli import actions, cloning, following, stages, votes
from server.cli.at_store import store_of
from server.cli.beside import beside
from server.cli.moments import local, now, window
from server.consultations import files
from server.consultations.consultation import Consultation
from server.consultations.exporting import exported
from server.staff.acts import by_operator
from server.store.purge import Purged
from server.store.store import Store


@click.group()
def command() -> None:
    """Import, export, open, close, purge and list consultations."""


def import_file(store: Store, path: Path) -> Consultation:
    """Keep what the file says.

    Raises `FileRefused` with every fault, `SlugTaken`, or `FeaturedTaken`.
    """
    found = files.parse(path.read_bytes(), str(path), partial(beside, path.parent))
    return store.running.create(found, now(), by_operator)


@command.command("import")
@click.argument(
    "path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.pass_obj
def import_(data: Path, path: Path) -> None:
    """Take in a consultation from FILE, or list its faults.

    It is taken whole or not at all.
    """
    with store_of(data) as store:
        made = import_file(store, path)
        number = len(store.consultations.proposal_ids(made))
    click.echo(f"{made.slug}: {number} proposals, {window(made)}")


@command.command()
@click.argument("slug")
@click.option("--all", "everything", is_flag=True, help="Also what is for staff only.")
@click.pass_obj
def export(data: Path, slug: str, everything: bool) -> None:
    """Write the consultation SLUG to standard output.

    What is written can be imported. Ballots are never in it, nor who proposed what.
    """
    with store_of(data) as store:
        found = store.consultations.by_slug(slug)
        kept = store.filing.whole(found) if everything else store.filing.shown(found)
        click.echo(exported(kept), nl=False)


@command.command("list")
@click.pass_obj
def list_(data: Path) -> None:
    """List all consultations."""
    with store_of(data) as store:
        known = [
            (one, store.purge.state(one), store.purge.until(one))
            for one in store.consultations.all()
        ]
    width = max((len(one.slug) for one, _, _ in known), default=0)
    for one, purged, until in known:
        kind = "  rehearsal" if one.rehearsal else ""
        phase = one.phase(now())
        kept = _ballots(one, purged, until) if phase.is_over else ""
        click.echo(f"{one.slug:<{width}}  {phase:<9}  {window(one)}{kind}{kept}")


@command.command("open")
@click.argument("slug")
@click.pass_obj
def open_(data: Path, slug: str) -> None:
    """Open the consultation SLUG now, before its time."""
    with store_of(data) as store:
        store.running.open(slug, now(), by_operator)
    click.echo(f"{slug} is open.")


@command.command()
@click.argument("slug")
@click.pass_obj
def close(data: Path, slug: str) -> None:
    """Close the consultation SLUG now, for good, and seal it."""
    with store_of(data, demand_replicas=True) as store:
        store.running.close(slug, now(), by_operator)
    click.echo(f"{slug} is closed; its ballot boxes are sealed.")


@command.command()
@click.argument("slug")
@click.option("--early", is_flag=True, help="Also before the end of the retention.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def purge(data: Path, slug: str, early: bool, yes: bool) -> None:
    """Destroy the ballots of the closed consultation SLUG, for good.

    Tallies, results and minutes stay. If a server fails, mend it and say the same again.
    """
    with store_of(data, demand_replicas=True) as store:
        found = store.consultations.by_slug(slug)
        store.purge.demand(found, store.clock.agreed(now()), early)
        if not yes and not store.purge.state(found):
            _ask(slug)
        click.echo(f"Destroying the ballots of {slug}, and rewriting the files of every server …")
        voters = store.purge.run(found, store.clock.agreed(now()), early)
    found_now = f" (voters: {voters})" if voters else ""
    click.echo(f"The ballots of {slug} are destroyed{found_now}; all counts stay.")


def _ask(slug: str) -> None:
    click.echo(f"This destroys the ballots of {slug}. Nobody can count them again afterwards.")
    try:
        typed = click.prompt("Type its slug to go on", default="", show_default=False)
    except click.Abort:
        raise click.ClickException("Nothing was destroyed. A script says --yes.") from None
    if typed != slug:
        raise click.ClickException("Nothing was destroyed.")


def _ballots(consultation: Consultation, purged: Purged | None, until: datetime) -> str:
    if purged is None:
        return f"  ballots until {local(consultation, until)}"
    if purged.done is None:
        return "  ballots being destroyed"
    return f"  ballots destroyed {local(consultation, purged.done)}"


for part in (
    cloning.clone,
    stages.phase,
    stages.feature,
    stages.answer,
    stages.unanswer,
    votes.votes,
    actions.action,
):
    command.add_command(part)
for part in (following.select, following.unselect, following.workshop, following.endorse):
    command.add_command(part)
