"""`isoloir staff`: who works here. The way in for the first admin, and whenever nobody is left."""

from datetime import UTC, date, datetime
from pathlib import Path

import click

from server.cli.at_store import settings_of, store_of
from server.consultations.errors import ConsultationUnknown
from server.staff import bearer
from server.staff.acts import OPERATOR, Act, Way
from server.staff.members import Member, member
from server.staff.roles import Permission, Role
from server.staff.tokens_made import keep, told
from server.store.store import Store

bound = click.option(
    "--consultation", "slugs", multiple=True, metavar="SLUG", help="Only this one; may be repeated."
)


@click.group()
def command() -> None:
    """Invite, list and remove members of staff, and make their tokens."""


@command.command()
@click.argument("name")
@click.option("--role", type=click.Choice([*map(str, Role)]), required=True)
@bound
@click.option("--source", "sources", multiple=True, metavar="NAME", help="An editor's own title.")
@click.pass_obj
def invite(
    data: Path, name: str, role: str, slugs: tuple[str, ...], sources: tuple[str, ...]
) -> None:
    """Make NAME a member, or renew them, and print a link to sign in with, once."""
    asked = member(name, Role(role), _now(), slugs, sources)
    with store_of(data) as store:
        _demand_known(store, asked)
        said = " ".join([asked.role, *asked.consultations, *asked.sources])
        link = store.staff.invite(asked, _act("member-invited", asked.name, said))
    until = link.ends.astimezone()
    click.echo(f"{settings_of(data).public_url}/staff/sign-in#{link.secret}")
    click.echo(
        f"It works once, until {until:%Y-%m-%d %H:%M} ({until:%Z}). Send it to {asked.name} alone.",
        err=True,
    )


@command.command("list")
@click.pass_obj
def list_(data: Path) -> None:
    """List the members, with their roles and what they are bound to."""
    with store_of(data) as store:
        found, tokens = store.staff.members(), store.staff.tokens()
    for one in found:
        what = " ".join([*one.consultations, *one.sources]) or "all consultations"
        click.echo(f"{one.name}  {one.role}  {what}  since {one.since:%Y-%m-%d}")
        for token in tokens:
            if token.member == one.id:
                scopes = " ".join(sorted(token.scopes))
                used = f"last used {token.used}" if token.used else "never used"
                click.echo(f"    token {token.handle}  {token.label}  {scopes}  {used}")
    click.echo(f"Members: {len(found)}.", err=True)


@command.command()
@click.argument("name")
@click.pass_obj
def remove(data: Path, name: str) -> None:
    """Remove NAME; all their sessions, links and tokens end at once."""
    with store_of(data) as store:
        found = store.staff.named(name)
        store.staff.remove(found.id, _act("member-removed", found.name))
    click.echo(f"{found.name} is removed; their sessions and tokens have ended.")


@command.command()
@click.argument("name")
@click.option(
    "--scope", "scopes", multiple=True, required=True, type=click.Choice([*map(str, Permission)])
)
@click.option("--label", default="command line", show_default=True, help="What it is for.")
@click.option(
    "--until", metavar="DAY", help="The last day it is good, such as 2026-12-31; 90 days."
)
@click.pass_obj
def token(data: Path, name: str, scopes: tuple[str, ...], label: str, until: str | None) -> None:
    """Print a new token of the API that acts in the name of NAME; it is shown this once."""
    wanted = {Permission(scope) for scope in scopes}
    with store_of(data) as store:
        found = store.staff.named(name)
        ends = bearer.end_of(_day(until))
        secret = keep(
            store, found, label, wanted, ends, _act("token-made", label, told(found, wanted))
        )
    click.echo(secret)
    click.echo(f"Good until {ends:%Y-%m-%d %H:%M} (UTC).", err=True)


def _day(until: str | None) -> date:
    try:
        return date.fromisoformat(until) if until else (_now() + bearer.USUAL).date()
    except ValueError:
        raise click.BadParameter("a day is written 2026-12-31", param_hint="--until") from None


def _demand_known(store: Store, asked: Member) -> None:
    """Raise `ConsultationUnknown` for a slug that is mistyped."""
    known = {one.slug for one in store.consultations.all()}
    for slug in asked.consultations:
        if slug not in known:
            raise ConsultationUnknown(f"No consultation “{slug}”.")


def _act(what: str, on: str, detail: str = "") -> Act:
    return Act(OPERATOR, Way.COMMAND, what, on, detail)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
