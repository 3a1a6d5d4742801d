"""`isoloir consultation select`, `workshop`, `endorse` and the like: what came of a consultation."""

from pathlib import Path
from typing import Any

import click

from server.cli.at_store import store_of
from server.cli.moments import now
from server.cli.scores import standings
from server.consultations import entries
from server.consultations.consultation import Consultation
from server.consultations.endorsements import Endorsement
from server.consultations.entry_parts import ENDORSEMENT, SELECTED, WORKSHOP
from server.consultations.following import day_of
from server.consultations.selection import Selected
from server.consultations.shortlist import MOST, Candidate, shortlist
from server.consultations.workshops import Workshop
from server.consultations.workshops import found as workshop_of
from server.staff.acts import by_operator
from server.store.store import Store

TEXT = click.File(encoding="utf-8")


@click.command()
@click.argument("slug")
@click.argument("proposals", type=int, nargs=-1)
@click.option("--on", metavar="DATE", help="The day, 2027-01-31; today if it is not said.")
@click.option("--reason", help="Why, as readers are told.")
@click.pass_obj
def select(
    data: Path, slug: str, proposals: tuple[int, ...], on: str | None, reason: str | None
) -> None:
    """Select PROPOSALS of SLUG, which is closed; without any, list what the votes propose.

    What was selected before keeps its place; its day and reason are told anew.
    """
    with store_of(data) as store:
        found = store.consultations.by_slug(slug)
        if not proposals:
            _propose(store, found)
            return
        given = {"on": on or day_of(found, now()).isoformat(), "reason": reason}
        read = entries.read(SELECTED, given, found.language)
        chosen = [Selected(number, **read) for number in proposals]
        changed = store.following.select(slug, chosen, now(), by_operator)
    click.echo(f"{slug}: {len(changed.selected)} selected.")


@click.command()
@click.argument("slug")
@click.argument("proposal", type=int)
@click.pass_obj
def unselect(data: Path, slug: str, proposal: int) -> None:
    """Select PROPOSAL of SLUG no longer."""
    with store_of(data) as store:
        changed = store.following.unselect(slug, proposal, by_operator)
    click.echo(f"{slug}: {len(changed.selected)} selected.")


@click.command()
@click.argument("slug")
@click.argument("number", type=int, required=False)
@click.option("--title", help="What it was about.")
@click.option("--on", metavar="DATE", help="The day: 2027-01-31.")
@click.option("--partner", "partners", multiple=True, help="Who took part; as often as needed.")
@click.option("--proposal", "proposals", type=int, multiple=True, help="What was worked on.")
@click.option("--outcome-file", type=TEXT, help="What came of it; - is standard input.")
@click.option("--link", help="Where more can be read: https://…")
@click.option("--remove", is_flag=True, help="Remove the workshop NUMBER.")
@click.pass_obj
def workshop(data: Path, /, slug: str, number: int | None, remove: bool, **given: Any) -> None:
    """Record a workshop of SLUG, or change the one that has this NUMBER; without anything, list.

    What is not named of a workshop that is there stays as it is.
    """
    with store_of(data) as store:
        found = store.consultations.by_slug(slug)
        if remove and number is not None:
            found = store.following.remove_workshop(slug, number, by_operator)
        elif any(given.values()):
            found = _held(store, found, number, given)
    for one in found.workshops:
        click.echo(f"{one.id:>3}  {one.on}  {one.title}")


@click.command()
@click.argument("slug")
@click.option("--by", required=True, help="The organisation.")
@click.option("--on", metavar="DATE", help="The day, 2027-01-31; today if it is not said.")
@click.option("--proposal", type=int, help="What it backs; without one, the consultation.")
@click.option("--link", help="Where it says so: https://…")
@click.option("--remove", is_flag=True, help="It backs this no longer.")
@click.pass_obj
def endorse(data: Path, /, slug: str, on: str | None, remove: bool, **given: Any) -> None:
    """Record that an organisation backs SLUG, or a proposal in it; that is no vote."""
    with store_of(data) as store:
        found = store.consultations.by_slug(slug)
        day = on or day_of(found, now()).isoformat()
        new = Endorsement(**entries.read(ENDORSEMENT, {**given, "on": day}, found.language))
        if remove:
            found = store.following.unendorse(slug, new.handle, by_operator)
        else:
            found = store.following.endorse(slug, new, by_operator)
    click.echo(f"{slug}: {len(found.endorsements)} endorsements.")


def _held(
    store: Store, found: Consultation, number: int | None, given: dict[str, Any]
) -> Consultation:
    """Record a workshop, or change what is named of one."""
    file = given.pop("outcome_file")
    wanted = {**given, "outcome": file.read() if file else None}
    if number is None:
        new = Workshop(0, **entries.read(WORKSHOP, wanted, found.language))
        return store.following.add_workshop(found.slug, new, by_operator)
    old = workshop_of(found.workshops, number)
    stays = {name: getattr(old, name) for name in WORKSHOP}
    both = {**stays, **{name: value for name, value in wanted.items() if value}}
    new = Workshop(number, **entries.read(WORKSHOP, both, found.language))
    return store.following.change_workshop(found.slug, new, by_operator, old.version)


def _propose(store: Store, found: Consultation) -> None:
    """List the best supported with the reasons for each."""
    chosen = {one.proposal for one in found.selected}
    for one in shortlist(standings(store, found)):
        mark = "*" if one.number in chosen else " "
        click.echo(f"{mark}{one.number:>6}  {_why(one):<58}  {one.standing.proposal.text}")
    click.echo(f"{found.slug}: at most {MOST}, the best supported first; * is selected.", err=True)


def _why(one: Candidate) -> str:
    zone = one.zone or "new"
    return f"{one.rank:>2}. {zone:<11} {one.agree or 0:>4.0%} of {one.asked} asked agree, {one.votes} votes"
