"""Whether the receiver can work here: its settings complete, its database within reach."""

from server.central import signing
from server.central.receiver.database import open_database
from server.settings import ReceiverSettings


def check() -> None:
    """Raise `SettingsError`, one line that says what to do, if it cannot."""
    settings = ReceiverSettings.load()
    signing.parse_secrets(settings.secret)
    open_database(settings.database).dispose()
