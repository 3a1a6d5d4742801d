"""`isoloir consultation phase`, `feature` and `answer`: what staff state of a consultation."""

from pathlib import Path
from typing import TextIO

import click

from server.cli.at_store import store_of
from server.cli.moments import local, now
from server.consultations.file_answers import read_answer
from server.consultations.phases import STATED, Phase
from server.staff.acts import by_operator


@click.command()
@click.argument("slug")
@click.argument("phase", type=click.Choice([*map(str, STATED)]))
@click.pass_obj
def phase(data: Path, slug: str, phase: str) -> None:
    """State that SLUG, which is closed, is now in this phase.

    There is no way back; a phase may be passed over. Stated again, it stays as it is.
    """
    with store_of(data) as store:
        changed = store.running.reach(slug, Phase(phase), now(), by_operator)
    since = next(one.at for one in changed.reached if one.phase == phase)
    click.echo(f"{slug}: {phase}, since {local(changed, since)}.")


@click.command()
@click.argument("slug")
@click.option("--off", is_flag=True, help="Take the mark off.")
@click.pass_obj
def feature(data: Path, slug: str, off: bool) -> None:
    """Put SLUG first: on the home page, and for each of its media titles.

    A title features one consultation: another one that it features loses the mark.
    """
    with store_of(data) as store:
        others = store.running.feature(slug, not off, now(), by_operator)
    for other in others:
        click.echo(f"{other.slug} is no longer featured.")
    click.echo(f"{slug} is {'no longer ' if off else ''}featured.")


@click.command()
@click.argument("slug")
@click.argument("proposal", type=int)
@click.option("--by", required=True, help="Who has answered, in words.")
@click.option("--office", help="What they answer as: “ministre de la Santé”.")
@click.option("--on", metavar="DATE", required=True, help="The day of the answer: 2027-01-31.")
@click.option("--link", help="Where it is published: https://…")
@click.option(
    "--text-file",
    required=True,
    type=click.File(encoding="utf-8"),
    help="The answer, plain text of at most 1000 characters; - is standard input.",
)
@click.pass_obj
def answer(
    data: Path,
    slug: str,
    proposal: int,
    by: str,
    office: str | None,
    on: str,
    link: str | None,
    text_file: TextIO,
) -> None:
    """Show the answer to PROPOSAL, a question of the citizens' question SLUG.

    Another answer to the same question is a correction: what it said before is kept, and shown.
    """
    with store_of(data) as store:
        found = store.consultations.by_slug(slug)
        given = {"by": by, "office": office, "on": on, "link": link, "text": text_file.read()}
        made = read_answer(proposal, given, found.language)
        store.following.answer(slug, made, now(), by_operator)
    click.echo(f"{slug}: the answer to {proposal} is shown.")


@click.command()
@click.argument("slug")
@click.argument("proposal", type=int)
@click.pass_obj
def unanswer(data: Path, slug: str, proposal: int) -> None:
    """Take away the answer to PROPOSAL of SLUG, with all that it said before."""
    with store_of(data) as store:
        store.following.unanswer(slug, proposal, by_operator)
    click.echo(f"{slug}: the answer to {proposal} is no longer shown.")
