"""What the service is measured against: the least that Flask can do, under the same gunicorn."""

from typing import Any

from flask import Flask, Response, jsonify, request

from server.settings import Settings
from server.store.caller import Script
from server.store.store import open_store

TRIVIAL = Script.of("#!lua\nreturn redis.call('INCR', KEYS[1])")
PAGE = b"x" * 6000  # about what a first screen takes, compressed


def create_app() -> Flask:
    """Return an app of three views; `/script` calls the store as a vote does, for one counter."""
    app = Flask(__name__, static_folder=None)
    store = open_store(Settings.load().redis_url)

    @app.post("/json")
    def _json() -> Response:
        return jsonify(ok=True, vote=_sent()["vote"])

    @app.post("/script")
    def _script() -> Response:
        return jsonify(ok=True, vote=_sent()["vote"], number=store.caller.run(TRIVIAL, ["n"], []))

    @app.get("/page")
    def _page() -> Response:
        return Response(PAGE, mimetype="text/html")

    return app


def _sent() -> dict[str, Any]:
    sent: dict[str, Any] = request.get_json()
    return sent
