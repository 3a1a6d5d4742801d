"""`isoloir backup`: everything the store holds at one instant, in one file, while votes go on."""

import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO

import click

from server.cli.at_store import store_of
from server.cli.progress import progress
from server.cli.stopping import obey_sigterm
from server.cli.whole_file import whole_file
from server.store.backup import back_up
from server.store.backup_file import BackupError, Manifest

MEGABYTE = 1_000_000
STDOUT = Path("-")


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
@click.pass_obj
def command(data: Path, path: Path, force: bool) -> None:
    """Write all that the store holds to FILE, while people vote.

    `-` is standard output. The file holds how people voted: keep it as safe as the store. The secrets
    in the data folder's `environment` are not in it.
    """
    obey_sigterm()
    lengths: set[int | None] = set()
    with store_of(data) as store, progress() as show:

        def tell(size: int, length: int | None) -> None:
            lengths.add(length)
            whole = f" of {length / MEGABYTE:.0f}" if length else ""
            show(f"{size / MEGABYTE:.0f}{whole} MB")

        try:
            with _destination(path, force) as file:
                made = back_up(store, file, tell)
        except OSError as error:
            raise BackupError(f"{path} takes no more: {error.strerror}.") from error
    click.echo(_summary(path, made), err=True)
    if lengths != {None}:
        click.echo("The server wrote its image into its own folder too: delete dump.rdb.", err=True)


def _destination(path: Path, force: bool) -> AbstractContextManager[IO[bytes]]:
    if path != STDOUT:
        return whole_file(path, force)
    if sys.stdout.isatty():
        raise BackupError("A backup is nothing to look at: write it to a file or a pipe.")
    return nullcontext(sys.stdout.buffer)


def _summary(path: Path, made: Manifest) -> str:
    size = sum(image.bytes for image in made.images) / MEGABYTE
    name = "" if path == STDOUT else f"{path}: "
    number = len(made.consultations)
    return (
        f"{name}{number} consultation{'' if number == 1 else 's'} as of "
        f"{made.made_at:%Y-%m-%d %H:%M:%S} UTC, {size:.1f} MB unpacked."
    )
