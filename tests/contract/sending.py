"""A deployment in a few lines: it composes real documents and posts them to a receiver."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.central import document, signing
from server.central.acknowledged import Acknowledged
from server.consultations.consultation import Consultation, Proposal
from tests.conftest import consultation

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NEXT_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
TALLIES = "/isoloir/v1/tallies"
PROPOSALS = {i: Proposal(i, f"Il faut essayer la mesure numéro {i}", "fr") for i in range(1, 6)}

Votes = dict[tuple[int, int], dict[int, int]]  # (proposal, source number) -> code -> ballots


def post(
    client: FlaskClient,
    body: bytes,
    secrets: Sequence[str] = (SECRET,),
    age: timedelta = timedelta(0),
    **headers: str,
) -> TestResponse:
    """Post a body as a deployment does; `headers` replace or add some (`_` for `-`)."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    signed = signing.sign(secrets, body, datetime.now(UTC) - age)
    return client.post(
        TALLIES, data=body, headers={"content-type": "application/json", **signed, **named}
    )


def get(client: FlaskClient, deployment: str, slug: str, query: str = "") -> dict[str, Any]:
    headers = signing.sign((SECRET,), signing.asked(deployment, slug, query), datetime.now(UTC))
    url = f"{TALLIES}/{deployment}/{slug}" + (f"?{query}" if query else "")
    answer = client.get(url, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


@dataclass
class Deployment:
    """What a store holds of one consultation, and what is acknowledged of it."""

    slug: str = "reinventer-le-travail"
    rehearsal: bool = False
    name: str = "essai"
    epoch: int = 1_800_000_000_000
    fence: int = 1
    sequence: int = 0
    revision: int = 0
    votes: Votes = field(default_factory=dict)
    changed: dict[int, int] = field(default_factory=dict)  # proposal -> revision
    acknowledged: Acknowledged | None = None

    @property
    def consultation(self) -> Consultation:
        return consultation(self.slug, rehearsal=self.rehearsal)

    @property
    def wire_name(self) -> str:
        return document.deployment_name(self.name, self.consultation)

    def vote(self, proposal: int, source: int, histogram: Mapping[int, int]) -> None:
        """Make the tally of one proposal and source what it says; an empty one is withdrawn."""
        self.votes[proposal, source] = {code: n for code, n in histogram.items() if n}
        self.revision += 1
        self.changed[proposal] = self.revision

    def rows(self, complete: bool = True) -> list[document.Row]:
        since = self.acknowledged.revision if self.acknowledged else 0
        chosen = [p for i, p in PROPOSALS.items() if complete or self.changed.get(i, 0) > since]
        by_proposal: dict[int, dict[int, dict[int, int]]] = {}
        for (proposal, source), histogram in self.votes.items():
            if histogram:
                by_proposal.setdefault(proposal, {})[source] = histogram
        return document.rows(self.consultation, self.wire_name, chosen, by_proposal, complete)

    def compose(self, complete: bool = True, **changes: Any) -> dict[str, Any]:
        """Return the next document, with some of its fields changed."""
        self.sequence += 1
        heading = document.Heading(
            epoch=self.epoch,
            revisions=(self.revision,),
            sequence=self.sequence,
            previous=self.acknowledged.digest if self.acknowledged else None,
            fence=self.fence,
            as_of=datetime.now(UTC),
            complete=complete,
        )
        made = document.build(heading, self.wire_name, self.slug, self.rows(complete))
        return {**made, **changes}

    def deliver(self, client: FlaskClient, complete: bool = True, **changes: Any) -> dict[str, Any]:
        """Compose, post, and remember what the receiver has acknowledged."""
        made = self.compose(complete, **changes)
        answer = post(client, body_of(made))
        assert answer.status_code == 200, answer.text
        self.learn(answer.json["acknowledged"])
        taken: dict[str, Any] = answer.json
        return taken

    def learn(self, acknowledged: Mapping[str, Any] | None) -> None:
        self.acknowledged = Acknowledged.load(acknowledged) if acknowledged else None

    def lose_everything(self) -> None:
        """As an emptied store: no votes, revisions and fence from the beginning."""
        self.votes, self.changed, self.acknowledged = {}, {}, None
        self.revision = self.sequence = 0
        self.fence = 1

    def received(self, client: FlaskClient) -> dict[str, Any]:
        return get(client, self.wire_name, self.slug)


def body_of(made: Any) -> bytes:
    return json.dumps(made, ensure_ascii=False).encode()


def digest_of(made: Any) -> str:
    return sha256(body_of(made)).hexdigest()
