"""Readers: the requests of people who vote, prepared as their browsers would send them.

A reader's first vote is on the shared card and is answered with a personal deck; a deck's last
vote is answered with the next. All tokens are really signed, by the service's own classes.
"""

import json
import random
import time
from collections.abc import Sequence

from server.consultations.ballots import QUALIFICATIONS, Vote
from server.consultations.consultation import Consultation
from server.consultations.deck_rules import DeckRules
from server.settings import Settings
from server.store.store import Store
from server.web.credentials import Credentials
from server.web.identity import cookie_name
from server.web.tickets import SHARED, Tickets

DECK = DeckRules().size
VOTES = 20  # by one reader
# What a browser sends with every request; a bare endpoint is asked with the same.
BROWSER = (
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"
    "Accept: */*\r\n"
    "Accept-Language: fr-FR,fr;q=0.8,en;q=0.5\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\n"
    "Sec-Fetch-Dest: empty\r\n"
    "Sec-Fetch-Mode: cors\r\n"
    "Sec-Fetch-Site: same-origin\r\n"
)


class Readers:
    """Makes up readers of one source of a consultation, the same ones for the same seed."""

    def __init__(self, settings: Settings, store: Store, consultation: Consultation) -> None:
        self._host = settings.origin
        self._consultation = consultation
        self._proposals = [p.id for p in store.consultations.proposals(consultation)]
        self._source = consultation.sources[-1]
        self._credentials = Credentials(settings.secret_keys, store.consultations.place_key)
        self._tickets = Tickets(settings.secret_keys)
        self._voter_key = store.consultations.voter_key(consultation) or b""
        self._chance = random.Random(20)
        self._number = int(time.time() * 1000)

    @property
    def slug(self) -> str:
        return self._consultation.slug

    def plans(self, browsers: int, votes: int) -> list[list[bytes]]:
        """Return about `votes` requests for each of `browsers`, whole readers one after another."""
        readers = max(1, round(votes / VOTES))
        return [
            [request for _ in range(readers) for request in self.reader()] for _ in range(browsers)
        ]

    def reader(self) -> list[bytes]:
        """Return the votes of one new reader, in order."""
        address = f"10.{self._chance.randrange(256)}.{self._chance.randrange(256)}.7"
        token = self._credentials.issue(self._source.publisher, address, time.time())
        voter = self._credentials.read(token).voter(self._voter_key)
        wanted = self._chance.sample(self._proposals, min(VOTES, len(self._proposals)))
        cards = [(wanted[0], self._ticket(wanted[:1], SHARED))]
        for start in range(1, len(wanted), DECK):
            deck = wanted[start : start + DECK]
            full = [*deck, *self._proposals[: DECK - len(deck)]]
            ticket = self._ticket(full, voter)
            cards += [(proposal, ticket) for proposal in deck]
        return [self._vote(token, *card, first=i == 0) for i, card in enumerate(cards)]

    def _ticket(self, proposals: Sequence[int], holder: str) -> str:
        return self._tickets.issue(self._consultation.id, self._source.name, proposals, holder)

    def _vote(self, token: str, proposal: int, ticket: str, first: bool) -> bytes:
        vote = self._chance.choice(list(Vote))
        nuances = self._chance.sample(QUALIFICATIONS[vote], self._chance.randrange(2))
        self._number += 1
        body = {"vote": vote, "qualifications": nuances, "credential": token}
        path = f"/api/v1/consultations/{self.slug}/proposals/{proposal}/ballot"
        cookie = "" if first else f"Cookie: {cookie_name(self._source.publisher)}={token}\r\n"
        fields = {**body, "ticket": ticket, "number": self._number}
        return request("PUT", path, self._host, json.dumps(fields), cookie)


def request(method: str, path: str, origin: str, body: str = "", headers: str = "") -> bytes:
    """Return a request as a browser writes it."""
    host = origin.partition("://")[2]
    sent = body.encode()
    if sent:
        headers += f"Content-Type: application/json\r\nContent-Length: {len(sent)}\r\n"
        headers += f"Origin: {origin}\r\n"
    return f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n{BROWSER}{headers}\r\n".encode() + sent


def redirected(plans: Sequence[Sequence[bytes]], line: str) -> list[list[bytes]]:
    """Return the same requests, headers and bodies, with another first line."""
    first = f"{line} HTTP/1.1".encode()
    return [[first + sent[sent.index(b"\r\n") :] for sent in plan] for plan in plans]
