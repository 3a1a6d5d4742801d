"""`isoloir proposals history | agreement | queue`: what was done, how evenly, and what is left."""

from pathlib import Path

import click

from server.cli.at_store import store_of
from server.cli.proposal_lines import moment
from server.consultations.moderation import Entry
from server.consultations.queue import HOUR, Figures, together


@click.command()
@click.argument("slug")
@click.argument("number", type=int, required=False)
@click.option("--most", type=click.IntRange(1, 10_000), default=50, show_default=True)
@click.pass_obj
def history(data: Path, slug: str, number: int | None, most: int) -> None:
    """Tell who did what on the proposals of SLUG, newest first, or all that was done on one."""
    with store_of(data) as store:
        found, trail = store.consultations.by_slug(slug), store.moderation.trail
        entries = trail.latest(found, most) if number is None else trail.of(found, number)[::-1]
        former = trail.former(found, number) if number is not None else []
    zone = found.opens.tzinfo
    for entry in entries:
        click.echo(f"{moment(entry.at, zone)}  {_told(entry)}")
    for one in former:
        click.echo(f"{moment(one.at, zone)}  before {one.by} mended it: {one.text}")


@click.command()
@click.argument("slug")
@click.pass_obj
def agreement(data: Path, slug: str) -> None:
    """Tell how often a second moderator of SLUG judged blind as the first did, by verdict."""
    with store_of(data) as store:
        found = store.moderation.second.agreement(store.consultations.by_slug(slug))
    for one in found:
        click.echo(f"{one.verdict:<14}{one.agreed} of {one.judged} agreed")
    if not found:
        click.echo("Nothing was judged a second time yet.", err=True)


@click.command()
@click.argument("slugs", metavar="[SLUG...]", nargs=-1)
@click.pass_obj
def queue(data: Path, slugs: tuple[str, ...]) -> None:
    """Tell what waits in these consultations, or in all, the worst first."""
    with store_of(data) as store:
        chosen = [*map(store.consultations.by_slug, slugs)] or [*store.consultations.all()]
        figures = store.moderation.queue.figures(chosen)
        now = store.clock.now()
    told = sorted(
        zip(figures, chosen, strict=True), key=lambda pair: pair[0].oldest or float("inf")
    )
    for one, consultation in told:
        click.echo(f"{consultation.slug}: {_figures(one, now)}")
    if len(told) > 1:
        click.echo(f"All: {_figures(together(figures), now)}")


def _figures(figures: Figures, now: int) -> str:
    said = f"{figures.waiting} waiting, {figures.postponed} postponed"
    if figures.oldest is not None:
        said += f", the oldest for {(now - figures.oldest) / HOUR:.1f} h"
    said += f"; in the last hour {figures.decided} decided, {figures.arrived} new"
    empty = figures.empty_at(now)
    if not figures.waiting:
        return said
    return f"{said}; " + (
        f"empty at {moment(empty, None)} at this pace" if empty else "never empty at this pace"
    )


def _told(entry: Entry) -> str:
    """Return what was done in one line, for people."""
    beside = {
        "reason": entry.reason,
        "into": entry.into,
        "edited": "spelling" if entry.edited else "",
        "labels": ", ".join(entry.labels),
        "said": entry.verdict,
        "version": entry.version,
    }
    told = "".join(f"  {name}: {value}" for name, value in beside.items() if value)
    return f"{entry.by}  {entry.act} {entry.proposal}{told}"
