"""The real service in processes of its own, on a real store, with partner sites around it."""

import os
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import urllib3

from server.consultations.ballots import Ballot, CodedBallot, Trust, Vote, decode
from server.consultations.consultation import (
    DIRECT_SOURCE,
    Consultation,
    Proposal,
    Source,
)
from server.demo.app import create_demo
from server.store.ballots import Wish
from server.store.store import Store, open_store
from server.supervisor.child import Child
from server.supervisor.embedded import EmbeddedStore
from server.supervisor.environment import compose
from server.supervisor.processes import teller_command, web_command
from server.web.messages import written
from tests.browser.partner import create_partner, served
from tests.browser.tls import Tls, front
from tests.conftest import consultation, proposals

PATIENCE = 60.0  # seconds
LONG = (
    "Il faut que chaque entreprise consacre dix pour cent des gains de l’automatisation à former "
    "celles et ceux dont le métier change."
)
TEXTS = (LONG, "Il faut des jours sans écran.", "Il faut payer le temps de trajet.")


@dataclass
class Service:
    """Where everything is. `site` and `news` have `{media}` in them; `inside` is never TLS."""

    url: str
    inside: str
    site: str
    news: str
    server: EmbeddedStore
    store: Store
    opened: int = 0

    def page(self, path: str, media: str = "rmc") -> str:
        """Return the address of a partner's page."""
        return self.site.format(media=media) + path

    def open(self, texts: Sequence[str] = TEXTS, **fields: object) -> str:
        """Open a consultation of its own for one test; return its slug."""
        return self.open_with(statements(texts), **fields)

    def open_with(self, made: list[Proposal], **fields: object) -> str:
        self.opened += 1
        slug = f"consultation-{self.opened}"
        create(self.store, slug, made, (self.site, self.news), **fields)
        return slug

    def close(self, slug: str) -> None:
        """End the voting now; return when the service has noticed."""
        found = self.store.consultations.by_slug(slug)
        self.store.consultations.replace(replace(found, closes=datetime.now(UTC)))
        address = f"{self.inside}/e/{slug}/next"
        with urllib3.PoolManager() as http:
            until(lambda: b"Le vote est clos" in http.request("GET", address).data)
            until(lambda: self._is_over(http, found))

    def _is_over(self, http: urllib3.PoolManager, found: Consultation) -> bool:
        """Whether the end is published, and web shows the proposals that lead."""
        if not self.store.minutes.versions(found):
            return False
        lists = self.store.published.glance(found).lists or {}
        answer = http.request("GET", f"{self.inside}/api/v1/consultations/{found.slug}/outcome")
        shown = [one["proposal"]["id"] for one in answer.json()["proposals"]]
        return shown == [number for number, *_ in lists.get("supported", ())][:5]

    def end_proposing(self, slug: str) -> None:
        """Let readers only vote from now on; return when the service has noticed."""
        found = self.store.consultations.by_slug(slug)
        self.store.consultations.replace(replace(found, proposals_until=datetime.now(UTC)))
        address = f"{self.inside}/e/{slug}/propose"
        with urllib3.PoolManager() as http:
            until(lambda: b'<div class="over">' in http.request("GET", address).data)

    def fill(self, slug: str, votes: Sequence[int]) -> None:
        """Have so many others agree, disagree and stay neutral on the first proposal."""
        found = self.store.consultations.by_slug(slug)
        for vote, number in zip(Vote, votes, strict=True):
            for voter in range(number):
                wish = Wish(1, Ballot(vote), Trust.SEQUENCE, 2)
                self.store.ballots.cast(found, 0, f"{vote}-{voter}", wish)
        self.wait_for(found, sum(votes))

    def wait_for(self, found: Consultation, votes: int) -> None:
        """Wait until the teller has published so many votes."""
        until(lambda: self._published(found) == votes)

    def _published(self, found: Consultation) -> int:
        published = self.store.published.glance(found).published
        return sum(counts.total for counts in published.counts.values()) if published else 0

    def ballots(self, slug: str) -> list[tuple[int, Ballot]]:
        """Return every counted ballot of a consultation with its source's number."""
        return [(source, coded.ballot) for source, coded in self._coded(slug)]

    def trust(self, slug: str) -> list[Trust]:
        return [coded.trust for _, coded in self._coded(slug)]

    def voters(self, slug: str) -> int:
        return self.store.tallies.voters(self.store.consultations.by_slug(slug))

    def _coded(self, slug: str) -> list[tuple[int, CodedBallot]]:
        found = self.store.consultations.by_slug(slug)
        ids = [proposal.id for proposal in self.store.consultations.proposals(found)]
        return [
            (source, decode(code))
            for sources in self.store.tallies.histograms(found, ids).values()
            for source, codes in sources.items()
            for code, number in codes.items()
            for _ in range(number)
        ]


def until(fact: Callable[[], object]) -> None:
    """Wait for a visible fact."""
    deadline = time.monotonic() + PATIENCE
    while not fact():
        assert time.monotonic() < deadline, "It did not come true."
        time.sleep(0.01)  # between two looks, for the others to work


@contextmanager
def running(tls: Tls | None = None, **extra: str) -> Iterator[Service]:
    """Start the store, web, the teller, a partner's site and the demo news site.

    `extra` is more environment for web and teller.
    """
    with ExitStack() as stack:
        # A short path: the store's socket lies in it, and must stay when the store comes back.
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="isoloir-")))
        port = free_port()
        inside = f"http://127.0.0.1:{port}"
        url = stack.enter_context(reachable(port, "vote.localhost" if tls else "localhost", tls))
        server = stack.enter_context(EmbeddedStore(data))
        store = stack.enter_context(closing(open_store(server.url)))
        ports = [
            stack.enter_context(served(app)) for app in (create_partner(url), create_demo(url, ""))
        ]
        media = "{media}.localhost"
        sites = [stack.enter_context(reachable(number, media, tls)) for number in ports]
        create(store, "reinventer-le-travail", proposals(), sites)
        environ = {**os.environ, "PORT": str(port), "WEB_CONCURRENCY": "1", "ISOLOIR_URL": url}
        environ |= {"ISOLOIR_DRAFT_LANGUAGES": ",".join(written()), **extra}
        environ["ISOLOIR_STYLEGUIDE"] = "1"
        environ |= compose(data, environ, server.url, demo=False)
        web = Child("web", web_command(), environ, data, f"{inside}/health/ready")
        teller = Child("teller", teller_command(), environ, data)
        for child in (web, teller):
            stack.callback(child.stop, PATIENCE)
            child.start()
            until(child.ready)
        yield Service(url, inside, *sites, server, store)


@contextmanager
def reachable(port: int, host: str, tls: Tls | None) -> Iterator[str]:
    """Yield the address by which browsers reach what listens at `port`."""
    if tls:
        with front(tls, port) as public:
            yield f"https://{host}:{public}"
    else:
        yield f"http://{host}:{port}"


def create(
    store: Store, slug: str, made: list[Proposal], sites: Sequence[str], **fields: object
) -> Consultation:
    """Open a consultation whose sources are at the sites of this run."""
    usual = [source for source in consultation().sources if source is not DIRECT_SOURCE]
    at_home = [
        replace(source, origins=tuple(site.format(media=source.name) for site in sites))
        for source in usual
    ]
    blocked = Source(9, "bloque", "Bloqué", "bloque", blocked=True)
    asked = consultation(slug, sources=(DIRECT_SOURCE, *at_home, blocked), **fields)
    return store.consultations.create(asked, made)


def statements(texts: Sequence[str]) -> list[Proposal]:
    return [Proposal(i, text, "fr", "Awa", 41) for i, text in enumerate(texts, 1)]


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port
