"""`isoloir consultation action`: what partners have committed to, their news and their links."""

from pathlib import Path
from typing import TextIO

import click

from server.cli.at_store import settings_of, store_of
from server.cli.moments import now
from server.consultations.acting import action_of, today
from server.consultations.actions import ActionState
from server.consultations.written_actions import read_action, read_news
from server.staff.action_sheets import ActionSheet, sheets
from server.staff.acts import by_operator
from server.web import report_links
from server.web.amounts import plain_amount

text_file = click.option(
    "--text-file",
    required=True,
    type=click.File(encoding="utf-8"),
    help="Plain text of at most 1000 characters; - is standard input.",
)


@click.group()
def action() -> None:
    """List and add actions, tell of them, and make partners' links."""


@action.command("list")
@click.argument("slug")
@click.pass_obj
def list_(data: Path, slug: str) -> None:
    """List the actions of SLUG, the worst first."""
    with store_of(data) as store:
        found = store.consultations.by_slug(slug)
        every = sheets(found, store.reports.all(found), now())
    for sheet in every:
        one = sheet.action
        click.echo(f"{one.id}  {one.state:<9}  {one.title} ({one.partner}){_alarms(sheet)}")


@action.command()
@click.argument("slug")
@click.option("--title", required=True)
@click.option("--partner", required=True, help="Who has committed to it, in words.")
@click.option("--on", metavar="DATE", required=True, help="The day of the commitment: 2027-01-31.")
@click.option("--amount", help="What is to be reached: how much of --unit, by --by.")
@click.option("--unit")
@click.option("--by", metavar="DATE")
@click.option("--proposals", help="Numbers of those that it serves: 3,12.")
@text_file
@click.pass_obj
def add(data: Path, /, slug: str, text_file: TextIO, **given: str | None) -> None:
    """Add an action to SLUG, which is closed; the file says what is promised."""
    target = {f"target.{name}": given.pop(name) for name in ("amount", "unit", "by")}
    with store_of(data) as store:
        found = store.consultations.by_slug(slug)
        new = read_action({**given, **target, "promise": text_file.read()}, found.language)
        made = store.committing.add(slug, new, now(), by_operator)
    click.echo(f"{slug}: action {made.id}, {made.title}.")


@action.command()
@click.argument("slug")
@click.argument("number", type=int)
@click.pass_obj
def remove(data: Path, slug: str, number: int) -> None:
    """Remove action NUMBER of SLUG, of which there is no news, and its partner's link."""
    with store_of(data) as store:
        store.reports.remove(slug, number, by_operator)
    click.echo(f"{slug}: action {number} is removed.")


@action.command()
@click.argument("slug")
@click.argument("number", type=int)
@click.argument("state", type=click.Choice([*map(str, ActionState)]))
@click.pass_obj
def state(data: Path, slug: str, number: int, state: str) -> None:
    """State how action NUMBER of SLUG stands."""
    with store_of(data) as store:
        store.committing.state(slug, number, ActionState(state), by_operator)
    click.echo(f"{slug}: action {number} is {state}.")


@action.command()
@click.argument("slug")
@click.argument("number", type=int)
@click.option("--on", metavar="DATE", required=True, help="The day of the news: 2027-01-31.")
@click.option("--amount", help="How far it has come in all, in the target's unit.")
@click.option("--source", help="Where it can be read: https://…")
@text_file
@click.pass_obj
def news(data: Path, /, slug: str, number: int, text_file: TextIO, **given: str | None) -> None:
    """Publish news of action NUMBER of SLUG."""
    with store_of(data) as store:
        found = store.consultations.by_slug(slug)
        measured = action_of(found, number).target is not None
        given["text"] = text_file.read()
        new = read_news(given, found.language, today(found, now()), measured)
        store.committing.add_news(slug, number, new, by_operator)
    click.echo(f"{slug}: news of action {number} is published.")


@action.command()
@click.argument("slug")
@click.argument("number", type=int)
@click.option("--end", is_flag=True, help="End the link, and make none.")
@click.pass_obj
def link(data: Path, slug: str, number: int, end: bool) -> None:
    """Print a link by which the partner of action NUMBER drafts news; the one before ends."""
    settings = settings_of(data)
    with store_of(data) as store:
        reports = store.reports
        made = (reports.unlink if end else reports.link)(slug, number, by_operator)
    if made.link is None:
        click.echo(f"{slug}: action {number} has no link.")
        return
    keys, own = settings.secret_keys, settings.public_url
    click.echo(report_links.address(own, keys, slug, number, made.link))
    click.echo("It drafts news until it is ended. Send it to its partner alone.", err=True)


def _alarms(sheet: ActionSheet) -> str:
    target, waiting = sheet.action.target, len(sheet.reporting.waiting)
    said = (
        [f"{plain_amount(sheet.action.amount)} {target.unit}"]
        if target and sheet.action.amount
        else []
    )
    said += ["overdue"] if sheet.overdue else []
    said += [f"silent since {sheet.action.last_news}"] if sheet.silent else []
    said += [f"{waiting} drafts wait"] if waiting else []
    return "".join(f"  {one}" for one in said)
