"""The client of the central platform: signed requests, explicit time-outs, no hidden retries."""

import gzip
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import urllib3

from server.central import signing
from server.central.acknowledged import Acknowledged
from server.version import VERSION

# A retry belongs to the syncer, which first looks at what has changed meanwhile. Reading is long
# because a complete document of 100 000 rows takes a receiver some ten seconds.
TIMEOUT = urllib3.Timeout(connect=2, read=30)  # seconds
GZIP_FROM = 1024  # bytes
GZIP_LEVEL = 1  # tallies are mostly zeros: more effort saves little

Headers = dict[str, str]


class NoAnswer(Exception):
    """The receiver cannot be reached, or is in trouble itself. The message is for staff."""


class Refused(Exception):
    """The receiver answered that it will not take a request; `code` says why."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status = status
        self.code = code


@dataclass(frozen=True)
class Answer:
    """What the receiver has, whether it wants a complete document, and the rows if asked for."""

    acknowledged: Acknowledged | None
    want_complete: bool
    rows: list[dict[str, Any]]


class Central:
    """One receiver, at `url` (no slash at the end)."""

    def __init__(
        self, url: str, secrets: tuple[str, ...], timeout: urllib3.Timeout = TIMEOUT
    ) -> None:
        self._tallies = f"{url}/isoloir/v1/tallies"
        self._secrets = secrets
        agent = {"user-agent": f"isoloir/{VERSION}", "accept": "application/json"}
        self._pool = urllib3.PoolManager(headers=agent, timeout=timeout, retries=False, maxsize=2)

    def send(self, body: bytes) -> Answer:
        """Send a tallies document; raise `NoAnswer` or `Refused`."""
        headers = {"content-type": "application/json"}
        if len(body) > GZIP_FROM:
            headers["content-encoding"] = "gzip"
            body = gzip.compress(body, GZIP_LEVEL)
        headers |= self._signature(body)
        return self._request("POST", self._tallies, headers, body)

    def ask(self, deployment: str, slug: str, rows: bool = False) -> Answer:
        """Ask what the receiver has of a consultation; raise `NoAnswer` or `Refused`."""
        query = "" if rows else "rows=no"
        url = f"{self._tallies}/{quote(deployment)}/{quote(slug)}" + (f"?{query}" if query else "")
        signature = self._signature(signing.asked(deployment, slug, query))
        return self._request("GET", url, signature, None)

    def close(self) -> None:
        self._pool.clear()

    def _signature(self, body: bytes) -> Headers:
        # The real time, because that is what the other end compares it with.
        return signing.sign(self._secrets, body, datetime.now(UTC))

    def _request(self, method: str, url: str, headers: Headers, body: bytes | None) -> Answer:
        try:
            headers = {**self._pool.headers, **headers}
            response = self._pool.request(method, url, body=body, headers=headers)
        except urllib3.exceptions.HTTPError as error:
            raise NoAnswer(f"The receiver does not answer ({type(error).__name__}).") from error
        if response.status >= 500:
            raise NoAnswer(f"The receiver is in trouble: it answered {response.status}.")
        if response.status != 200:
            raise _refused(response.status, response.data)
        return _answer(response.data)


def _answer(body: bytes) -> Answer:
    try:
        wire = json.loads(body)
        known = wire["acknowledged"]
        acknowledged = Acknowledged.load(known) if known else None
        return Answer(acknowledged, wire["want"] == "complete", wire.get("rows", []))
    except (ValueError, KeyError, TypeError) as error:
        raise NoAnswer("What answers is no receiver of tallies.") from error


def _refused(status: int, body: bytes) -> Refused:
    try:
        problem = json.loads(body)
        return Refused(status, str(problem["code"]), str(problem["detail"]))
    except (ValueError, KeyError, TypeError):
        return Refused(status, "unknown", "The answer is no problem document.")
