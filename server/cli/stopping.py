"""Being stopped by a machine, as by a person."""

import signal


def obey_sigterm() -> None:
    """End as on Ctrl-C: what was begun is cleaned up."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
