"""Whether web can work here: its settings complete, its store there and fit to hold votes."""

import sys

from server.keyring import Keyring
from server.settings import Settings, SettingsError
from server.store.connection import StoreUnfit
from server.store.store import open_store
from server.web.messages import Messages


def main() -> None:
    """Say in one line what is wrong and exit 1, or exit 0."""
    try:
        settings = Settings.load()
        Keyring.parse(settings.signing_key)
        Messages.load(settings.drafts)
        open_store(settings.redis_url, settings.replicas).close()
    except (SettingsError, StoreUnfit) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
