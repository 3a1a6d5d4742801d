"""`isoloir recount`: count the ballots again and compare with the tallies, also while people vote."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from server.cli.at_store import store_of
from server.consultations.ballots import decode
from server.consultations.consultation import Consultation
from server.consultations.errors import BallotsDestroyed, Refusal
from server.store.differences import Difference, Report
from server.store.store import Store

# Exit codes. 1 and 2 are what any command ends with that could not do its work, so that a script
# never takes a failure for a finding. Of several consultations the worst is told.
EQUAL, TROUBLE, DIFFERENT, FIXED = 0, 1, 3, 4
WORST_FIRST = (TROUBLE, DIFFERENT, FIXED, EQUAL)


@click.command()
@click.argument("slug", required=False)
@click.option("--all", "every", is_flag=True, help="All consultations whose ballots are kept.")
@click.option("--fix", is_flag=True, help="Make the tallies what the ballots say.")
@click.pass_obj
def command(data: Path, slug: str | None, every: bool, fix: bool) -> int:
    """Count the ballots of SLUG again and compare the tallies.

    Voting goes on meanwhile. Exits with 0 if they are equal, 3 if a number differs, 4 if --fix has put
    it right, and 1 or 2 if the recount could not be done.
    """
    if every == bool(slug):
        raise click.UsageError("Name one consultation, or --all.")
    # That it begins again is told on the progress line.
    logging.getLogger("stamina").setLevel(logging.ERROR)
    with store_of(data) as store:
        if slug:
            return _recount(store, store.consultations.by_slug(slug), fix)
        return _recount_all(store, fix)


def _recount_all(store: Store, fix: bool) -> int:
    outcomes = {EQUAL}
    for found in store.consultations.all():
        try:
            outcomes.add(_recount(store, found, fix))
        except BallotsDestroyed as refusal:
            click.echo(refusal)
        except Refusal as refusal:
            click.echo(refusal, err=True)
            outcomes.add(TROUBLE)
    return next(outcome for outcome in WORST_FIRST if outcome in outcomes)


def _recount(store: Store, found: Consultation, fix: bool) -> int:
    voters = store.tallies.voters(found)
    with _progress(found, voters) as report:
        recount = store.recount.fix if fix else store.recount.compare
        differences = recount(found, report)
    for difference in differences:
        click.echo(f"{found.slug}: {_line(found, difference)}")
    if not differences:
        click.echo(f"{found.slug}: the tallies are what the ballots say (voters: {voters}).")
        return EQUAL
    told = f"{found.slug}: numbers that differ from the ballots: {len(differences)}."
    click.echo(f"{told} All of them are put right." if fix else told, err=True)
    return FIXED if fix else DIFFERENT


@contextmanager
def _progress(found: Consultation, voters: int) -> Iterator[Report]:
    """Give a report that keeps one line on a terminal, and nothing anywhere else."""
    shown = sys.stderr.isatty()

    def report(what: str, number: int) -> None:
        if shown:
            of = f" of about {voters}" if what == "voters" else ""
            click.echo(f"\r\x1b[K{found.slug}: {what} {number}{of}", err=True, nl=False)

    try:
        yield report
    finally:
        if shown:
            click.echo("\r\x1b[K", err=True, nl=False)


def _line(consultation: Consultation, difference: Difference) -> str:
    """Say what differs, also where a damaged tally names a source or a code that never was."""
    names = {source.number: source.name for source in consultation.sources}
    source = names.get(difference.source, f"source {difference.source}")
    numbers = f"{difference.tallied} tallied, {difference.counted} counted"
    if difference.tallied == difference.counted:
        numbers += ", but not in the same boxes"
    if difference.proposal is None or difference.code is None:
        return f"voters, {source}: {numbers}"
    return f"proposal {difference.proposal}, {source}, {_words(difference.code)}: {numbers}"


def _words(code: int) -> str:
    try:
        coded = decode(code)
    except ValueError:
        return f"code {code}"
    marks = [coded.trust.name.lower(), *(["quarantined"] if coded.quarantined else [])]
    return f"{' + '.join([coded.ballot.vote, *coded.ballot.qualifications])} ({', '.join(marks)})"
