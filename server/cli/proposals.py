"""`isoloir proposals`: read what readers propose before anybody else does, and decide."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from server.cli import moderation_log, scores
from server.cli.at_store import store_of
from server.cli.proposal_lines import first_of_each, line, listed
from server.consultations import moderation
from server.consultations.consultation import Consultation
from server.consultations.moderation import HOLD, OPERATOR, Verdict
from server.consultations.proposing import RefusalReason
from server.consultations.wording import likeness
from server.store.store import Store

slug = click.argument("slug")
number = click.argument("number", type=int)
numbers = click.argument("numbers", metavar="NUMBER...", nargs=-1, required=True, type=int)
why = click.option(
    "--reason",
    type=click.Choice([*map(str, RefusalReason)]),
    required=True,
    help="Its author is told.",
)
hold = click.option("--hold", is_flag=True, help="Let it be undone for ten seconds.")


@click.group()
def command() -> None:
    """List the proposals that wait, decide on them, and see where they stand.

    Decisions take effect at once, unless --hold is given; the operator is named as who decided.
    """


command.add_command(scores.command)
for one in (moderation_log.history, moderation_log.agreement, moderation_log.queue):
    command.add_command(one)


@contextmanager
def _at(data: Path, slug: str) -> Iterator[tuple[Store, Consultation]]:
    with store_of(data) as store:
        yield store, store.consultations.by_slug(slug)


@command.command("list")
@slug
@click.pass_obj
def list_(data: Path, slug: str) -> None:
    """List the proposals of SLUG that wait for a decision, oldest first, the postponed ones last."""
    with _at(data, slug) as (store, found):
        waiting = store.moderation.queue.waiting(found)
        known = store.consultations.proposals(found)
    first = first_of_each([*known, *(case.submission.proposal for case in waiting)])
    for case in waiting:
        click.echo(line(case, first[likeness(case.submission.proposal.text)]))
    click.echo(f"{slug}: {len(waiting)} waiting.", err=True)


@command.command()
@slug
@numbers
@click.option("--text", help="Publish it in this spelling; one proposal only.")
@hold
@click.pass_obj
def accept(data: Path, slug: str, numbers: tuple[int, ...], text: str | None, hold: bool) -> None:
    """Publish these proposals of SLUG: readers meet them within a second."""
    chosen = dict.fromkeys(numbers)
    if text and len(chosen) > 1:
        raise click.UsageError("--text is the spelling of one proposal.")
    with _at(data, slug) as (store, found):
        found.demand_not_closed(datetime.now(UTC))
        _decide(store, found, [moderation.accept(n, text=text) for n in chosen], hold)
    click.echo(f"Accepted: {listed(numbers)}.")


@command.command()
@slug
@numbers
@why
@hold
@click.pass_obj
def refuse(data: Path, slug: str, numbers: tuple[int, ...], reason: str, hold: bool) -> None:
    """Refuse these proposals of SLUG; nobody but their authors sees them."""
    with _at(data, slug) as (store, found):
        given = RefusalReason(reason)
        _decide(store, found, [moderation.refuse(n, given) for n in dict.fromkeys(numbers)], hold)
    click.echo(f"Refused ({reason}): {listed(numbers)}.")


@command.command()
@slug
@numbers
@click.option("--hours", type=click.IntRange(1, 24 * 30), default=24, show_default=True)
@click.option("--note", default="", help="A word for colleagues.")
@click.pass_obj
def postpone(data: Path, slug: str, numbers: tuple[int, ...], hours: int, note: str) -> None:
    """Put these proposals of SLUG at the end of the queue for some hours."""
    later = timedelta(hours=hours) // timedelta(milliseconds=1)
    with _at(data, slug) as (store, found):
        until = store.clock.now() + later
        chosen = dict.fromkeys(numbers)
        _decide(store, found, [moderation.postpone(n, until, note) for n in chosen])
    click.echo(f"Postponed for {hours} h: {listed(numbers)}.")


@command.command()
@slug
@numbers
@click.option("--into", type=int, required=True, help="The proposal that stands for them.")
@hold
@click.pass_obj
def merge(data: Path, slug: str, numbers: tuple[int, ...], into: int, hold: bool) -> None:
    """Have one proposal of SLUG stand for its duplicates, published or not."""
    with _at(data, slug) as (store, found):
        _decide(store, found, [moderation.merge(n, into) for n in dict.fromkeys(numbers)], hold)
    click.echo(f"Merged into {into}: {listed(numbers)}.")


@command.command("take-down")
@slug
@number
@why
@click.pass_obj
def take_down(data: Path, slug: str, number: int, reason: str) -> None:
    """Take a published proposal of SLUG from readers, everywhere within seconds."""
    with _at(data, slug) as (store, found):
        store.moderation.decisions.take_down(found, OPERATOR, number, RefusalReason(reason))
    click.echo(f"Taken down ({reason}): {number}. Its votes stay counted apart.")


@command.command("put-back")
@slug
@number
@click.pass_obj
def put_back(data: Path, slug: str, number: int) -> None:
    """Give back to readers what was taken down, or merged after it was published."""
    with _at(data, slug) as (store, found):
        store.moderation.decisions.put_back(found, OPERATOR, number)
    click.echo(f"Put back: {number}.")


@command.command()
@slug
@number
@click.pass_obj
def undo(data: Path, slug: str, number: int) -> None:
    """Take back a decision on a proposal of SLUG before anybody sees it, or a postponement."""
    with _at(data, slug) as (store, found):
        case = store.moderation.cases.one(found, number)
        act = case.undo if case else ""
        store.moderation.decisions.undo(found, OPERATOR, act, [number])
    click.echo(f"Undone: {number} waits again.")


def _decide(
    store: Store, consultation: Consultation, verdicts: list[Verdict], hold: bool = False
) -> None:
    milliseconds = HOLD if hold else 0
    store.moderation.decisions.decide(consultation, OPERATOR, verdicts, milliseconds)
