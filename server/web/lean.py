"""Flask without what no view here uses: each vote would pay for it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import flask
from flask.sessions import NullSession, SessionInterface
from werkzeug.routing import MapAdapter


class NoSessions(SessionInterface):
    """There are none: one empty session does for every request."""

    def __init__(self) -> None:
        self._none = NullSession()

    def open_session(self, *_: Any) -> NullSession:
        return self._none


class Lean(flask.Flask):
    session_interface = NoSessions()
    address = urlsplit("http://localhost")  # how the service is reached from outside

    def create_url_adapter(self, request: flask.Request | None) -> MapAdapter | None:
        """Return the router for a request, made of what the request has read of it already.

        Its redirects lead to our own address, whatever the Host header says.
        """
        if request is None:
            return super().create_url_adapter(request)
        return MapAdapter(
            self.url_map,
            server_name=self.address.netloc,
            script_name=request.root_path,
            subdomain="",
            url_scheme=self.address.scheme,
            path_info=request.path,
            default_method=request.method,
            query_args=request.environ.get("QUERY_STRING", ""),
        )

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is; none here is a coroutine, and finding out is not free."""
        return func
