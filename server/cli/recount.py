"""`isoloir recount`: count the ballots again and compare with the tallies, also while people vote."""

from pathlib import Path

import click

from server.cli.at_store import store_of
from server.consultations.ballots import decode
from server.consultations.consultation import Consultation
from server.store.recount import Difference

DIFFERENT = 1  # exit code


@click.command()
@click.argument("slug")
@click.pass_obj
def command(data: Path, slug: str) -> int:
    """Compare the tallies of SLUG with its ballots.

    Exits with 1 if a number differs.
    """
    with store_of(data) as store:
        found = store.consultations.by_slug(slug)
        differences = store.recount.compare(found)
        voters = store.tallies.voters(found)
    for difference in differences:
        click.echo(_line(found, difference))
    if differences:
        click.echo(f"{slug}: tallies that differ from the ballots: {len(differences)}.", err=True)
        return DIFFERENT
    click.echo(f"{slug}: the tallies are what the ballots say (voters: {voters}).")
    return 0


def _line(consultation: Consultation, difference: Difference) -> str:
    """Say what differs, also where a damaged tally names a source or a code that never was."""
    names = {source.number: source.name for source in consultation.sources}
    source = names.get(difference.source, f"source {difference.source}")
    numbers = f"{difference.tallied} tallied, {difference.counted} counted"
    return f"proposal {difference.proposal}, {source}, {_words(difference.code)}: {numbers}"


def _words(code: int) -> str:
    try:
        coded = decode(code)
    except ValueError:
        return f"code {code}"
    marks = [coded.trust.name.lower(), *(["quarantined"] if coded.quarantined else [])]
    return f"{' + '.join([coded.ballot.vote, *coded.ballot.qualifications])} ({', '.join(marks)})"
