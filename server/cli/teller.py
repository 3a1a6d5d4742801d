"""`isoloir teller`: the worker process that counts, publishes and syncs."""

import click

from server.settings import Settings


@click.command()
def command() -> None:
    """Count, publish results and sync them, until stopped.

    Its settings come from the environment alone, like those of web.
    """
    settings = Settings.load()
    from server.teller.main import run

    run(settings)
