"""`isoloir consultation clone`: a rehearsal of a consultation, to be tried out."""

from pathlib import Path

import click

from server.cli.at_store import store_of
from server.cli.moments import now, window
from server.consultations import values
from server.consultations.records import Wrong
from server.consultations.rehearsals import moment
from server.staff.acts import by_operator


@click.command()
@click.argument("slug")
@click.argument("new_slug", metavar="NEW-SLUG")
# A copy that counts is made by export and import, where somebody has looked at its file.
@click.option(
    "--rehearsal",
    is_flag=True,
    required=True,
    expose_value=False,
    help="Votes in the copy count nowhere.",
)
@click.option("--opens", metavar="TIME", help="By the clock of SLUG; now, if it is not said.")
@click.option("--closes", metavar="TIME", help="If it is not said, it lasts as long as SLUG.")
@click.pass_obj
def clone(data: Path, slug: str, new_slug: str, opens: str | None, closes: str | None) -> None:
    """Make NEW-SLUG a rehearsal of SLUG: the same question, settings, sources and proposals.

    It has ballot boxes of its own, which are empty, and another voter key.
    """
    with store_of(data) as store:
        found = store.consultations.by_slug(slug)
        try:
            begins = moment(found, opens) or now().astimezone(found.opens.tzinfo)
            ends, name = moment(found, closes), values.slug(new_slug)
            made = store.running.rehearse(slug, name, begins, ends, by_operator)
        except Wrong as wrong:
            raise click.ClickException(str(wrong)) from None
    click.echo(f"{made.slug}: a rehearsal of {slug}, {window(made)}")
