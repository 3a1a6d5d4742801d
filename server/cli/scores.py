"""`isoloir proposals scores`: where each proposal stands."""

from pathlib import Path

import click

from server.cli.at_store import store_of
from server.consultations.consultation import Consultation, ProposalState
from server.consultations.standings import Listing, Standing, listed, score_for
from server.store.store import Store


@click.command("scores")
@click.argument("slug")
@click.option(
    "--by",
    "listing",
    type=click.Choice([*map(str, Listing)]),
    default=str(Listing.TOP),
    show_default=True,
    help="The most wanted first, the most divided, the least wanted, or those too new to tell.",
)
@click.option("--most", type=click.IntRange(min=1), help="List no more than so many.")
@click.pass_obj
def command(data: Path, slug: str, listing: str, most: int | None) -> None:
    """List the proposals of SLUG with their scores, zones and votes."""
    by = Listing(listing)
    with store_of(data) as store:
        every = standings(store, store.consultations.by_slug(slug))
    found = listed(every, by)
    for standing in found[:most]:
        click.echo(_line(standing, by))
    click.echo(f"{slug}: {len(found)} of {len(every)} proposals.", err=True)


def standings(store: Store, consultation: Consultation) -> list[Standing]:
    """Return where each accepted proposal stands, by the tallies of this moment."""
    every = store.consultations.proposals(consultation)
    proposals = [one for one in every if one.state is ProposalState.ACCEPTED]
    counts = store.tallies.counts(consultation, [one.id for one in proposals])
    return [Standing(one, counts[one.id]) for one in proposals]


def _line(standing: Standing, by: Listing) -> str:
    score, zone = score_for(by, standing), standing.zone or Listing.NEW
    scored = f"{score.value:6.2f} ± {score.confidence:.2f}"
    votes = f"{standing.votes} votes, {standing.asked} asked"
    return f"{standing.proposal.id:>6}  {zone:<11}  {scored}  {votes:<24}  {standing.proposal.text}"
