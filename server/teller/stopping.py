"""How a thread of the teller ends in the middle of its work."""


class Stopping(Exception):
    """The teller was asked to stop; another one, or this one started again, goes on."""
