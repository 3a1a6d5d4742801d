"""`isoloir replay`: cast a published Polis conversation through the real API, and check the counts.

Whatever dies meanwhile, the replay goes on once it is back: every wish is stated until it is
acknowledged. It writes into a rehearsal of its own and nowhere else.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from server.central import signing
from server.central.client import Central
from server.central.client import Refused as ReceiverRefused
from server.cli.at_store import settings_of, store_of
from server.consultations import polis
from server.consultations.consultation import Consultation
from server.consultations.polis import Conversation
from server.replay import comparison, rehearsal
from server.replay.patience import GivenUp
from server.replay.places import Places, wait_for
from server.replay.service import Refused, Service
from server.replay.voting import cast_all
from server.settings import Settings
from server.staff import tokens

DIFFERENT = 1  # exit code
CSV = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("votes", type=CSV)
@click.option("--comments", type=CSV, help="Its statements [default: comments.csv beside VOTES].")
@click.option("--slug", help="The rehearsal to create [default: the folder's name and the time].")
@click.option("--topic", help="Its question [default: the topic in summary.csv beside VOTES].")
@click.option("--language", default="en", show_default=True, help="The statements' language.")
@click.option("--threads", type=click.IntRange(1, 64), default=16, show_default=True)
@click.option("--compare", is_flag=True, help="Cast nothing: compare again what is in --slug.")
@click.pass_obj
def command(
    data: Path,
    votes: Path,
    comments: Path | None,
    slug: str | None,
    topic: str | None,
    language: str,
    threads: int,
    compare: bool,
) -> int:
    """Replay the vote history VOTES and compare every number.

    Exits with 1 if a number differs, or if nothing moves for two minutes.
    """
    settings = settings_of(data)
    central = _central(settings)
    if compare and not slug:
        raise click.UsageError("--compare needs the --slug of an earlier replay.")
    conversation = _read(votes, comments or votes.with_name("comments.csv"))
    slug = slug or rehearsal.default_slug(votes.resolve().parent.name, datetime.now(UTC))
    token = tokens.issue(settings, tokens.REPLAY, slug)
    # What is asked again is seen in the progress bar; a log line per retry would tear it.
    logging.getLogger("stamina").setLevel(logging.ERROR)
    with (
        store_of(data) as store,
        closing(central),
        closing(Service(settings, slug, token, threads)) as service,
    ):
        try:
            if compare:
                found = rehearsal.demand_rehearsal(store, slug)
            else:
                topic = topic or _topic(votes) or slug
                now = datetime.now(UTC)
                found = rehearsal.create(store, slug, topic, language, conversation, now)
                _cast(service, found, conversation, threads)
            places = Places(store, service, central, settings.deployment, found)
            return _compare(places, conversation)
        except (GivenUp, Refused, ReceiverRefused) as error:
            raise click.ClickException(str(error)) from error


def _central(settings: Settings) -> Central:
    if not settings.central_url or not settings.central_secret:
        raise click.ClickException(
            "ISOLOIR_CENTRAL_URL is missing: a replay compares with what a receiver got. "
            "Set it, or use `make run`."
        )
    try:
        shared = signing.parse_secrets(settings.central_secret)
    except signing.SecretUnfit as error:
        raise click.ClickException(f"ISOLOIR_CENTRAL_SECRET: {error}") from None
    return Central(settings.central_url, shared)


def _read(votes: Path, comments: Path) -> Conversation:
    if not comments.is_file():
        raise click.UsageError(f"There is no {comments}: name the file with --comments.")
    return polis.parse(votes.read_bytes(), str(votes), comments.read_bytes(), str(comments))


def _topic(votes: Path) -> str | None:
    summary = votes.with_name("summary.csv")
    return polis.topic(summary.read_bytes()) if summary.is_file() else None


def _cast(service: Service, found: Consultation, conversation: Conversation, threads: int) -> None:
    voters, wishes = len(conversation.histories), conversation.wishes
    click.echo(f"{found.slug}: {len(conversation.statements)} statements, {voters} voters.")
    started = time.monotonic()
    with _bar("Votes", wishes) as report:
        cast_all(service, conversation, rehearsal.numbering(conversation), threads, report)
    took = time.monotonic() - started
    click.echo(f"{wishes} votes acknowledged in {took:.1f} s: {wishes / took:.0f} votes/s.")


def _compare(places: Places, conversation: Conversation) -> int:
    last = places.last()
    for label, revision in (("Published", places.published), ("Received", places.received)):
        with _bar(label, last) as report:
            wait_for(revision, last, report)
    numbers = rehearsal.numbering(conversation)
    expected = comparison.from_file(conversation.outcome(), numbers)
    found = places.numbers()
    for line in comparison.table(expected, found):
        click.echo(line)
    differences = comparison.differences(expected, found)
    for one in differences:
        counted = (
            f"file {comparison.words(one.expected)}, {one.place} {comparison.words(one.found)}"
        )
        click.echo(f"proposal {one.proposal}, {one.vote}: {counted}")
    if differences:
        click.echo(f"Numbers that differ from the file: {len(differences)}.", err=True)
        return DIFFERENT
    click.echo(f"All {len(expected)} numbers are equal in all {len(found)} places.")
    return 0


@contextmanager
def _bar(label: str, length: int) -> Iterator[Callable[[int], None]]:
    with click.progressbar(length=length, label=f"{label:<10}", show_pos=True) as bar:
        yield bar.update
