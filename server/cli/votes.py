"""`isoloir consultation votes`: every voter's ballots, for researchers' tools."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

import click

from server.cli.at_store import settings_of, store_of
from server.cli.progress import progress
from server.staff.acts import by_operator
from server.staff.votes_files import write


@click.command()
@click.argument("slug")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def votes(data: Path, slug: str, folder: Path) -> None:
    """Write the votes of SLUG into FOLDER, in the format of Polis.

    One row for each voter, renumbered at random every time: keep it to yourselves. FOLDER is made,
    or must be empty.
    """
    url = f"{settings_of(data).public_url}/c/{slug}"
    with store_of(data) as store, progress() as show, _private(folder) as create:
        found = store.consultations.by_slug(slug)
        if store.purge.state(found) is None:  # before the first row is on the disk
            store.acts.note(by_operator("votes-exported", slug))
        done = write(store, found, url, create, lambda n, of: show(f"{n} of {of} voters"))
    click.echo(
        f"{folder}: {done.voters} voters, {done.votes} votes, {done.proposals} proposals. "
        "For staff only: delete it when the ballots are destroyed."
    )
    if done.matrix is None:
        click.echo("No participants-votes.csv: it would be too large. votes.csv says the same.")


@contextmanager
def _private(folder: Path) -> Iterator["_Creation"]:
    """Give what creates files for their owner's eyes only; take them away if anything fails."""
    if folder.exists() and any(folder.iterdir()):
        raise click.ClickException(f"{folder} is not empty. Choose another folder.")
    created = _Creation(folder, made=not folder.exists())
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield created
    except OSError as error:
        created.undo()
        raise click.ClickException(f"{folder} cannot be written: {error.strerror}.") from None
    except BaseException:
        created.undo()
        raise


class _Creation:
    """Creates files in a folder; `made` says that the folder is ours too."""

    def __init__(self, folder: Path, made: bool) -> None:
        self._folder = folder
        self._ours = made
        self._made: list[Path] = []

    def __call__(self, name: str) -> TextIO:
        path = self._folder / name
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        self._made.append(path)
        return open(number, "w", encoding="utf-8", newline="")

    def undo(self) -> None:
        for path in self._made:
            path.unlink(missing_ok=True)
        if self._ours:
            with suppress(OSError):
                self._folder.rmdir()
