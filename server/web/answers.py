"""Answers: JSON for one reader alone."""

import json
from typing import Any

from flask import Response
from werkzeug.datastructures import Headers

from server.web.headers import PRIVATE

# Flask's own provider sorts keys and is ready for dates; these answers need neither.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Answer(Response):
    """One that is complete as it is made: its length is known, and it leads nowhere else."""

    def get_wsgi_headers(self, _: object) -> Headers:
        return self.headers


def private(document: Any) -> Response:
    """Return an answer that no cache may keep."""
    answer = Answer(_encode(document), content_type="application/json")
    answer.headers["Cache-Control"] = PRIVATE
    return answer
