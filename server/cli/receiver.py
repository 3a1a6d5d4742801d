"""`isoloir receiver`: the reference receiver of the central platform's contract."""

import os

import click

from server.settings import Listening


@click.command()
def command() -> None:
    """Receive tallies and show them, until stopped.

    Takes ISOLOIR_RECEIVER_DATABASE and ISOLOIR_CENTRAL_SECRET from the environment.
    """
    from server.central.receiver import preflight
    from server.supervisor.processes import RECEIVER, small_command

    preflight.check()
    listening = Listening.load()
    arguments = small_command(RECEIVER, listening.address, listening.receiver_port)
    os.execv(arguments[0], arguments)  # noqa: S606 - our own command
