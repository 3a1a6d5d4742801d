"""The reference receiver: what the other end of the contract does, small enough to read."""

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from flask import Flask
from gunicorn.arbiter import Arbiter

from server.central import signing
from server.central.receiver import page, problems, tallies
from server.central.receiver.database import open_database
from server.central.receiver.ledger import Ledger
from server.central.receiver.parts import NAME, Parts
from server.central.receiver.requests import SENT_LIMIT
from server.settings import ReceiverSettings, SettingsError

# Of a worker that ends with anything else gunicorn starts another one, for ever.
DO_NOT_RETRY = Arbiter.APP_LOAD_ERROR


def create_receiver(
    database_url: str, secrets: Sequence[str], clock: Callable[[], datetime]
) -> Flask:
    """Return the receiver. Raises `DatabaseUnfit`; `clock` gives the time with its zone."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = SENT_LIMIT
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    engine = open_database(database_url)
    app.extensions[NAME] = Parts(Ledger(engine, clock), tuple(secrets), engine)
    problems.init_app(app)
    app.register_blueprint(tallies.blueprint)
    app.register_blueprint(page.blueprint)
    return app


def create_from_environment() -> Flask:
    """Return the receiver as gunicorn serves it, or say in one line what is missing and exit.

    `isoloir receiver` has looked before (`preflight`) and ended with 1.
    """
    try:
        settings = ReceiverSettings.load()
        secrets = signing.parse_secrets(settings.secret)
        return create_receiver(settings.database, secrets, lambda: datetime.now(UTC))
    except SettingsError as error:
        print(error, file=sys.stderr)
        sys.exit(DO_NOT_RETRY)
