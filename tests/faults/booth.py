"""Readers in front of a real service: HTTP over a socket, as browsers speak it."""

import time
from dataclasses import dataclass, field
from typing import Any

import urllib3

SLUG = "reinventer-le-travail"
TIMEOUT = 15.0  # seconds; longer than any answer may take
UNANSWERED = 0  # the status of a request to which no answer came: its wish may have been counted


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many seconds."""

    status: int
    body: dict[str, Any]
    seconds: float
    retry_after: str | None = None

    @property
    def code(self) -> str:
        return str(self.body.get("code", ""))


@dataclass
class Booth:
    """One reader's browser at the service at `url`; the origin is the one the service expects."""

    url: str
    origin: str
    slug: str = SLUG
    credential: str = ""
    number: int = 0
    _http: urllib3.PoolManager = field(default_factory=urllib3.PoolManager, repr=False)

    def enter(self) -> Answer:
        """Ask for a credential."""
        wanted = {"source": "direct", "consultation": self.slug}
        answer = self.send("POST", "/api/v1/credential", wanted)
        self.credential = answer.body.get("credential", "")
        return answer

    def cast(self, proposal: int, vote: str, number: int | None = None, **more: object) -> Answer:
        return self._wish("PUT", proposal, number, vote=vote, **more)

    def withdraw(self, proposal: int, number: int | None = None) -> Answer:
        return self._wish("DELETE", proposal, number)

    def draw(self) -> int:
        """Return a number greater than all before, as the booth does for every wish it sends."""
        self.number = max(self.number + 1, time.time_ns() // 1_000_000)
        return self.number

    def _wish(self, method: str, proposal: int, number: int | None, **wish: object) -> Answer:
        asked = {**wish, "credential": self.credential}
        if number is not None:
            asked["number"] = number
        path = f"/api/v1/consultations/{self.slug}/proposals/{proposal}/ballot"
        return self.send(method, path, asked)

    def send(self, method: str, path: str, wish: object = None) -> Answer:
        """Ask once, on a connection of its own. No answer at all is status `UNANSWERED`."""
        began = time.monotonic()
        try:
            answer = self._http.request(
                method,
                self.url + path,
                json=wish,
                headers={
                    "Origin": self.origin,
                    "Host": self.origin.split("//")[1],
                    # One that was kept may be closed at any moment, which is no fault.
                    "Connection": "close",
                },
                retries=False,
                timeout=TIMEOUT,
            )
        except urllib3.exceptions.HTTPError:
            return Answer(UNANSWERED, {}, time.monotonic() - began)
        body = answer.json() if "json" in answer.headers.get("Content-Type", "") else {}
        after = answer.headers.get("Retry-After")
        return Answer(answer.status, body, time.monotonic() - began, after)

    def close(self) -> None:
        self._http.clear()
