"""What the receiver's views work with, kept with the app."""

from dataclasses import dataclass

from flask import current_app
from sqlalchemy import Engine

from server.central.receiver.ledger import Ledger

NAME = "isoloir-receiver"


@dataclass(frozen=True)
class Parts:
    ledger: Ledger
    secrets: tuple[str, ...]
    engine: Engine


def of_app() -> Parts:
    """Return the parts of the app that serves this request."""
    found: Parts = current_app.extensions[NAME]
    return found
