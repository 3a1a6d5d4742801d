"""Partner pages: news articles on other sites than the service, made of the real snippets."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from string import Template
from urllib.parse import urlencode

from flask import Flask, Response, request
from werkzeug.serving import WSGIRequestHandler, make_server

TITLE = "Votez dans cet article"
PAGE = """<!doctype html><html lang="fr"><meta charset="utf-8"><title>Article</title>
<link rel="icon" href="data:,"><body marginwidth="0" marginheight="0"><h1>Un article</h1>{body}<p>La suite.</p>"""


def snippet(name: str, service: str, consultation: str, source: str = "rmc") -> str:
    """Return what an editor pastes, from the file that the documentation shows."""
    text = (files("embed") / "snippets" / f"{name}.html").read_text(encoding="utf-8")
    return Template(text).substitute(
        service=service, consultation=consultation, source=source, title=TITLE
    )


def tag(consultation: str, source: str = "rmc", **attributes: str) -> str:
    """Return the booth's element, with the link that an editor puts into it."""
    named = {"consultation": consultation, "source": source, **attributes}
    written = " ".join(f'{name}="{value}"' for name, value in named.items())
    return f'<isoloir-vote {written}><a href="#link">{TITLE}</a></isoloir-vote>'


def script(service: str) -> str:
    return f"<script async src='{service}/embed/v1.js'></script>"


def path(markup: str, **headers: str) -> str:
    """Return where the partner shows `markup`, sent with `headers` (with `_` for `-`)."""
    sent = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "/page?" + urlencode({"put": markup, "header": sent}, doseq=True)


def create_partner(service: str) -> Flask:
    """Return the partner's site. `put` in the query is more markup for the page."""
    app = Flask(__name__)

    @app.get("/<name>/<consultation>")
    def article(name: str, consultation: str) -> str:
        body = snippet(name, service, consultation)
        return PAGE.format(body=body + request.args.get("put", ""))

    @app.get("/page")
    def page() -> Response:
        """Show what `put` says, with each `header` that is asked for."""
        response = Response(PAGE.format(body=request.args.get("put", "")))
        for header in request.args.getlist("header"):
            name, _, value = header.partition(": ")
            response.headers[name] = value
        return response

    @app.get("/control")
    def control() -> Response:
        """Set a cookie that is not partitioned: a browser that protects readers drops it."""
        response = Response('<link rel="icon" href="data:,">control')
        response.set_cookie("control", "1", secure=True, samesite="None")
        return response

    @app.get("/control/seen")
    def control_seen() -> str:
        return f'<link rel="icon" href="data:,">{request.cookies.get("control", "none")}'

    return app


class Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: a test's output is about the test."""


@contextmanager
def served(app: Flask) -> Iterator[int]:
    """Serve `app` in a thread; yield its port."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
