"""A reply is lost, and the second attempt meets another world: nothing false is said of the first."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask

from server.consultations.consultation import Consultation
from server.store.store import Store
from tests.faults.cut import Cut
from tests.faults.proxy import Proxy
from tests.faults.test_dropped_replies import SCRIPT, cast, somebody, tallied
from tests.web.conftest import code


@dataclass
class Meanwhile(Cut):
    """Lose the first reply, and do something before the second attempt is passed on."""

    deed: Callable[[], None] = lambda: None

    def claims(self, request: bytes) -> bool:
        if self.word in request and self.met:
            self.deed()
        return super().claims(request)


def test_a_vote_that_was_in_time_is_not_called_late_when_the_box_was_sealed_before_its_retry(
    distant_app: Flask, network: Proxy, direct: Store, held: Consultation
) -> None:
    """It is counted: “closed, nothing changed” would be false, so the reader is asked again."""
    somebody(distant_app, voted=True)  # the server knows the script
    reader, credential = somebody(distant_app, voted=False)
    network.cut = Meanwhile(SCRIPT, reply=0, deed=lambda: direct.ballots.seal(held))
    assert code(cast(reader, credential)) == (503, "store-unavailable")
    network.cut = None
    assert tallied(direct, held) == 2
    assert code(cast(reader, credential)) == (409, "consultation-closed")
