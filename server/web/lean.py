"""Flask without what no view here uses: each vote would pay for it."""

from collections.abc import Callable
from typing import Any, cast

import flask
from flask.sessions import NullSession, SessionInterface
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.http import parse_cookie
from werkzeug.utils import cached_property


class Request(flask.Request):
    """Reads the headers that every vote asks for where they stand, not from a list of them all."""

    @cached_property
    def cookies(self) -> ImmutableMultiDict[str, str]:
        return cast(ImmutableMultiDict[str, str], parse_cookie(self.environ, ImmutableMultiDict))


class NoSessions(SessionInterface):
    """There are none: one empty session does for every request."""

    def __init__(self) -> None:
        self._none = NullSession()

    def open_session(self, *_: Any) -> NullSession:
        return self._none


class Lean(flask.Flask):
    request_class = Request
    session_interface = NoSessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is; none here is a coroutine, and finding out is not free."""
        return func
