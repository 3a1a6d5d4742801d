"""A receiver over real HTTP that can go away and come back on the same port."""

import socket
import threading
from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server


class Quiet(WSGIRequestHandler):
    def log(self, *_: object, **__: object) -> None: ...


class Served:
    """`lose_answers` takes the request in and loses the answer, as a proxy that gave up does."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None
        self.lose_answers = False
        self.requests: list[tuple[str, int]] = []
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._server = make_server(
            "127.0.0.1", self.port, self._answer, threaded=True, request_handler=Quiet
        )
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def stop(self) -> None:
        if self._server and self._thread:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
        self._server = None

    def _answer(self, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        def noted(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            self.requests.append((environ["REQUEST_METHOD"], int(status[:3])))
            if self.lose_answers:
                return start("502 Bad Gateway", headers, *more)
            return start(status, headers, *more)

        return self._app(environ, noted)
