"""`isoloir demo`: the whole way on one machine, from three news articles to the central platform."""

from pathlib import Path

import click

from server.cli.options import data_option
from server.settings import Listening, Settings


@click.command()
@data_option
@click.pass_obj
def command(data: Path, here: Path | None) -> None:
    """Run everything, a demo news site included, until Ctrl-C.

    The first run imports a consultation; later ones continue with its votes.
    """
    from server.demo.consultation import prepare
    from server.demo.media import MEDIA, SLUG, address
    from server.supervisor.run import run

    folder = here or data

    def welcome(settings: Settings, listening: Listening) -> None:
        lines = {media.title: address(settings, media.name) for media in MEDIA}
        lines["The booth, full page"] = f"{settings.public_url}/c/{SLUG}"
        lines["Central platform"] = f"http://localhost:{listening.receiver_port}"
        width = max(map(len, lines))
        click.echo("Isoloir runs. Vote in an article, then look at the central platform:\n")
        for name, url in lines.items():
            click.echo(f"  {name:<{width}}  {url}")
        click.echo(f"\nData and logs are in {folder}. Ctrl-C stops everything.")

    run(folder, click.echo, welcome, prepare)
