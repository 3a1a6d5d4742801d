"""`isoloir`: the command line. Each command lives in a module of its own, imported when it runs."""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from server.consultations.errors import Refusal
from server.settings import SettingsError
from server.version import VERSION

COMMANDS = (
    "backup",
    "consultation",
    "demo",
    "minutes",
    "operation",
    "proposals",
    "receiver",
    "recount",
    "replay",
    "restore",
    "serve",
    "staff",
    "teller",
)
STOPPED = 130  # what a shell reports for a command ended by Ctrl-C


class Commands(click.Group):
    """Finds a command as `command` in the module of its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"server.cli.{cmd_name}").command
        return command


@click.group(cls=Commands)
@click.version_option(VERSION, prog_name="isoloir")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default="var",
    show_default=True,
    help="The folder of a service on this machine.",
)
@click.pass_context
def isoloir(context: click.Context, data: Path) -> None:
    """A voting booth that news sites paste into their articles."""
    context.obj = data


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; say in one line what a person can mend, and exit."""
    try:
        outcome = isoloir.main(arguments, prog_name="isoloir", standalone_mode=False)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(STOPPED)
    except click.UsageError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        sys.exit(error.format_message())
    except Refusal as error:
        sys.exit(error.detail)
    except _spoken() as error:
        sys.exit(str(error))
    sys.exit(outcome if isinstance(outcome, int) else 0)


def _spoken() -> tuple[type[Exception], ...]:
    """Return the errors whose message is one line for a person; their modules load only now."""
    names: dict[str, Any] = {
        "server.store.backup_file": "BackupError",
        "server.store.connection": "StoreUnfit",
        "server.supervisor.embedded": "EmbeddedStoreError",
        "server.supervisor.supervisor": "CannotStart",
    }
    return (SettingsError, *(getattr(import_module(module), names[module]) for module in names))


if __name__ == "__main__":
    main()
