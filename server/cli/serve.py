"""`isoloir serve`: the service on one machine, its store included."""

from pathlib import Path

import click

from server.cli.options import data_option
from server.settings import Listening, Settings


@click.command()
@data_option
@click.pass_obj
def command(data: Path, here: Path | None) -> None:
    """Run store, web and teller under one supervisor until Ctrl-C.

    With REDIS_URL set, that server is the store.
    """
    from server.supervisor.run import run

    folder = here or data

    def welcome(settings: Settings, _listening: Listening) -> None:
        click.echo(f"Isoloir answers at {settings.public_url}")
        click.echo(f"Data and logs are in {folder}. Ctrl-C stops everything.")

    run(folder, click.echo, welcome)
