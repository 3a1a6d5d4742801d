"""The service as a replay meets it: over HTTP, like a booth, with a staff token besides."""

import json
import threading
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import urllib3

from server.consultations.ballots import Trust, Vote
from server.consultations.consultation import DIRECT
from server.replay.patience import Away, patiently
from server.settings import Settings
from server.version import VERSION

TIMEOUT = urllib3.Timeout(connect=2, read=10)  # seconds; a retry states the same wish again
ASK_AGAIN = frozenset({429, 500, 502, 503, 504})
SUPERSEDED = "superseded"


class Refused(Exception):
    """The service answered that it will not take a request: asking again would not help."""


class Stopped(Exception):
    """Nothing more is asked: another voter has met an error, or somebody pressed Ctrl-C."""


@dataclass
class Voter:
    """One voter's credential, and the last number their booth has drawn."""

    credential: str
    number: int = 0

    def draw(self) -> int:
        """Return a number greater than all before; a retry draws anew, like the booth."""
        self.number = max(self.number + 1, time.time_ns() // 1_000_000)
        return self.number


class Service:
    """The API of one consultation. `token` is a staff token, `connections` are kept open."""

    def __init__(self, settings: Settings, slug: str, token: str, connections: int = 1) -> None:
        parts = urlsplit(settings.public_url)
        self._slug = slug
        self._base = f"{parts.path}/api/v1"
        self._pool = urllib3.connection_from_url(
            f"{parts.scheme}://{_reachable(parts.hostname or '')}:{parts.port or ''}".rstrip(":"),
            maxsize=connections,
            block=True,
            retries=False,
            timeout=TIMEOUT,
            headers={
                "host": parts.netloc,
                "origin": settings.origin,
                "content-type": "application/json",
                "user-agent": f"isoloir-replay/{VERSION}",
            },
        )
        self._stopped = threading.Event()
        self._token = {"authorization": f"Bearer {token}"}

    def voter(self) -> Voter:
        """Fetch a credential; nothing is kept of it at the service before it votes."""
        wanted = {"source": DIRECT, "consultation": self._slug}
        answer = patiently(lambda: self._ask("POST", "/credential", wanted))
        return Voter(answer["credential"])

    def cast(self, voter: Voter, proposal: int, vote: Vote) -> None:
        """State the wish until it is acknowledged."""
        path = f"/consultations/{quote(self._slug)}/proposals/{proposal}/ballot"
        wish = {
            "vote": str(vote),
            "credential": voter.credential,
            "trust": Trust.SEQUENCE.name.lower(),
        }
        patiently(lambda: self._ask("PUT", path, {**wish, "number": voter.draw()}))

    def results(self) -> dict[str, Any]:
        """Return what is published; raise `Away` if there is no answer."""
        return self._ask("GET", f"/consultations/{quote(self._slug)}/results")

    def stop(self) -> None:
        """Ask nothing more; whoever is waiting to ask again gets `Stopped`."""
        self._stopped.set()

    def close(self) -> None:
        self._pool.close()

    def _ask(self, method: str, path: str, wish: dict[str, Any] | None = None) -> dict[str, Any]:
        if self._stopped.is_set():
            raise Stopped
        headers = {**self._pool.headers, **(self._token if method == "PUT" else {})}
        body = None if wish is None else json.dumps(wish).encode()
        try:
            response = self._pool.urlopen(method, self._base + path, body=body, headers=headers)
        except urllib3.exceptions.HTTPError as error:
            raise Away(f"The service does not answer ({type(error).__name__}).") from error
        if response.status != 200:
            raise _unhappy(response)
        answer: dict[str, Any] = json.loads(response.data)
        return answer


def _unhappy(response: urllib3.BaseHTTPResponse) -> Away | Refused:
    try:
        problem = json.loads(response.data)
        code, said = str(problem["code"]), f"{problem['code']}: {problem['detail']}"
    except (ValueError, KeyError, TypeError):
        code, said = "", "not a problem document"
    message = f"The service answered {response.status} ({said})."
    if response.status in ASK_AGAIN or code == SUPERSEDED:
        after = response.headers.get("retry-after", "")
        return Away(message, float(after) if after.isdigit() else None)
    return Refused(message)


def _reachable(host: str) -> str:
    """Names under .localhost lead to this machine in browsers, but not in every resolver."""
    return "127.0.0.1" if host == "localhost" or host.endswith(".localhost") else host
