"""A bad line between a deployment and a receiver, and the manners by which the sender survives it."""

from typing import Any

from flask.testing import FlaskClient
from hypothesis import strategies as st

from server.central.reconcile import Own, data_lost, new_epoch
from tests.contract.sending import Deployment, body_of, get, post

# What happens to one document, or to the deployment before it sends one.
steps = st.sampled_from(["arrives", "lost", "late", "answer-lost", "new-sender", "store-emptied"])


class Link:
    """Keeps the rule of the contract: after anything that failed, ask first, then send."""

    def __init__(self, deployment: Deployment, client: FlaskClient) -> None:
        self.deployment = deployment
        self.client = client
        self.in_step = False
        self.want_complete = True
        self.late: list[bytes] = []
        self.now = deployment.epoch  # milliseconds; a clock that only goes forward

    def take(self, step: str) -> None:
        if step == "new-sender":
            self.deployment.fence += 1
            self.in_step = False
        elif step == "store-emptied":
            self.deployment.lose_everything()
            self.deployment.epoch = 0
            self.in_step = False
        if not self.in_step:
            self.ask()
        body = body_of(self.deployment.compose(complete=self._complete()))
        self._meet(step, body)

    def ask(self) -> None:
        answer = get(self.client, self.deployment.wire_name, self.deployment.slug, "rows=no")
        self._adopt(answer)
        self.in_step = True

    def settle(self) -> None:
        """Send until the receiver wants nothing more."""
        self.ask()
        for _ in range(2):
            self._meet("arrives", body_of(self.deployment.compose(complete=self._complete())))
        assert not self.want_complete

    def deliver_late(self, chance: Any) -> None:
        """Deliver what was held up, in any order. A lower fence is refused, the rest outdated."""
        chance.shuffle(self.late)
        for body in self.late:
            assert post(self.client, body).status_code in {200, 409}

    def _complete(self) -> bool:
        return self.want_complete or self.deployment.acknowledged is None

    def _meet(self, step: str, body: bytes) -> None:
        if step == "late":
            self.late.append(body)
        elif step != "lost":
            answer = post(self.client, body)
            assert answer.status_code == 200, answer.text
            if step != "answer-lost":
                self._adopt(answer.json)
                return
        self.in_step = False

    def _adopt(self, answer: dict[str, Any]) -> None:
        ours = self.deployment
        ours.learn(answer["acknowledged"])
        known = ours.acknowledged
        own = Own(ours.epoch, ours.sequence, (ours.revision,))
        if ours.epoch == 0 or data_lost(own, known):
            self.now += 1
            ours.epoch = new_epoch(self.now, known)
            ours.sequence = 0
            known = None
        ours.acknowledged = known if known and known.epoch == ours.epoch else None
        self.want_complete = answer["want"] == "complete" or ours.acknowledged is None
