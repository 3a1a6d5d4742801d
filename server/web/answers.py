"""Answers: JSON for one reader alone."""

from typing import Any

import orjson
from flask import Response
from werkzeug.datastructures import Headers

from server.web.headers import PRIVATE


class Answer(Response):
    """One that is complete as it is made: its length is known, and it leads nowhere else."""

    def get_wsgi_headers(self, _: object) -> Headers:
        return self.headers


def private(document: Any) -> Response:
    """Return an answer that no cache may keep."""
    answer = Answer(orjson.dumps(document), content_type="application/json")
    answer.headers["Cache-Control"] = PRIVATE
    # Not even as something else than it is may another site have it loaded.
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
