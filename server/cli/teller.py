"""`isoloir teller`: the worker process that counts, publishes and syncs."""

import logging

import click

from server.settings import Settings


@click.command()
def command() -> None:
    """Count, publish results and sync them, until stopped.

    Its settings come from the environment alone, like those of web.
    """
    settings = Settings.load()
    logging.basicConfig(format="%(asctime)s %(message)s")
    # Of what is good news it tells what happens once: minutes drawn up, ballots destroyed.
    logging.getLogger("server").setLevel(logging.INFO)
    from server.teller.main import run

    run(settings)
