"""What several commands take."""

from pathlib import Path

import click

# The same as on `isoloir` itself, for those who write it after the command.
data_option = click.option(
    "--data",
    "here",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder that keeps everything; the same as `isoloir --data`.",
)
