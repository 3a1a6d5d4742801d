"""`isoloir restore`: fill an empty store from a backup, and say what is missing since."""

import logging
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import click

from server.central.restored import Heard, settle
from server.cli.at_store import settings_of
from server.cli.progress import progress
from server.cli.stopping import obey_sigterm
from server.consultations.consultation import Consultation
from server.consultations.errors import StoreUnavailable
from server.settings import Settings
from server.store.backup_file import BackupFile, Manifest, open_backup
from server.store.connection import close, connect
from server.store.emptiness import start_over
from server.store.purge import purged
from server.store.restore import Restore
from server.store.seals import sealed_at
from server.store.store import Store, open_store

DIFFERENT = 1  # exit code


@click.command()
@click.argument(
    "path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--start-over", "again", is_flag=True, help="First remove what a broken one left.")
@click.option(
    "--server",
    "binary",
    type=click.Path(exists=True, dir_okay=False),
    help="The server binary that reads the backup, in place of the one found here.",
)
@click.pass_obj
def command(data: Path, path: Path, again: bool, binary: str | None) -> int:
    """Fill the empty store with what `isoloir backup` wrote.

    It is checked by a recount. Exits with 1 if a tally differs from its ballots.
    """
    obey_sigterm()
    # That a recount begins again is told on the progress line.
    logging.getLogger("stamina").setLevel(logging.ERROR)
    settings = settings_of(data)
    with open_backup(path) as backup:
        backup.verify()
        if again:
            _start_over(settings.redis_url)
        with closing(open_store(settings.redis_url, settings.replicas)) as store:
            heard, links = _restore(store, settings, backup, binary)
            click.echo(_summary(backup.manifest, heard))
            if links:
                click.echo(
                    f"Links of partners were ended, {links} in all: staff make them new ones."
                )
            for line in _losses(heard):
                click.echo(line)
            found = [one.consultation for one in heard]
            right = [_recount(store, one) for one in found if store.tallies.voters(one)]
    return 0 if all(right) else DIFFERENT


def _start_over(url: str) -> None:
    client = connect(url)
    try:
        start_over(client)
    finally:
        close(client)


def _restore(
    store: Store, settings: Settings, backup: BackupFile, binary: str | None
) -> tuple[list[Heard], int]:
    """Restore it; return what the central platform says, and how many links were ended."""
    restore = Restore(store, backup, binary)
    try:
        restore.begin()
        with progress() as show:
            found = restore.copy(lambda number: show(f"{number} keys"))
        # The central platform is asked before it is sent the restored counts.
        heard = list(settle(store, settings, found, datetime.now(UTC)))
        restore.finish()
    except BaseException:
        with suppress(StoreUnavailable):
            if not restore.give_up():
                click.echo("Half of it is restored: restore again with --start-over.", err=True)
        raise
    return heard, restore.links


def _losses(heard: list[Heard]) -> Iterator[str]:
    """Say in plain words what is gone, as far as the central platform can tell."""
    silent = next((one.silence for one in heard if one.silence), None)
    if silent:
        yield f"What was voted since the backup is lost. How much, the central platform could say: {silent}"
    for one in heard:
        slug = one.consultation.slug
        if one.missing is None:
            words = "has counted since another restore, so how many votes are lost cannot be told"
            yield f"{slug}: the central platform {words}."
        elif one.missing:
            words = "votes were given, changed or withdrawn since the backup and are lost"
            yield f"{slug}: {one.missing} {words}, at least."
        elif one.silence is None:
            yield f"{slug}: the central platform knows of no vote that is not in the backup."


def _summary(manifest: Manifest, heard: list[Heard]) -> str:
    return f"Restored: {len(heard)} consultations as of {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC."


def _recount(store: Store, consultation: Consultation) -> bool:
    """Say whether the tallies are what the ballots say, and return it."""
    slug = consultation.slug
    if purged(store.redis, consultation):
        click.echo(
            f"{slug}: its ballots were destroyed before the backup; the tallies are all there is."
        )
        return True
    with progress() as show:
        found = store.recount.compare(consultation, lambda what, n: show(f"{slug}: {what} {n}"))
    voters = store.tallies.voters(consultation)
    if found:
        click.echo(
            f"{slug}: {len(found)} numbers differ; `isoloir recount --fix {slug}` mends them."
        )
    else:
        click.echo(f"{slug}: the tallies are what the ballots say (voters: {voters}).")
    until = store.purge.until(consultation)
    if until <= datetime.now(UTC):
        words = "the teller destroys them again once there are minutes"
        if sealed_at(store.redis, consultation) is None:
            words = "sealed only now, they are kept that long again, unless you `purge --early`"
        click.echo(f"{slug}: its ballots were to be kept until {until:%Y-%m-%d}; {words}.")
    return not found
