"""Flask without what no view here uses: each vote would pay for it."""

from collections.abc import Callable
from typing import Any

import flask
from flask.sessions import NullSession, SessionInterface


class NoSessions(SessionInterface):
    """There are none: one empty session does for every request."""

    def __init__(self) -> None:
        self._none = NullSession()

    def open_session(self, *_: Any) -> NullSession:
        return self._none


class Lean(flask.Flask):
    session_interface = NoSessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is; none here is a coroutine, and finding out is not free."""
        return func
