"""The desk: the scripts of moderation, which share their KEYS and how they begin."""

from collections.abc import Sequence
from typing import Any

from server.consultations.consultation import Consultation
from server.store import keys
from server.store.ballots import DEADLINE, run
from server.store.caller import Caller, Script
from server.store.clock import StoreClock

FAR = 10**15  # as in desk.lua: what is above in the queue is postponed
# The KEYS in their fixed order.
MAKERS = (
    keys.proposed,
    keys.proposals,
    keys.accepted,
    keys.version,
    keys.queue,
    keys.due,
    keys.decided,
    keys.edits,
    keys.notes,
    keys.looking,
    keys.lately,
    keys.second,
    keys.acts,
    keys.acts_of,
    keys.indexed,
    keys.tags,
    keys.twins,
    keys.sampled,
    keys.said,
    keys.changes,
)


class Desk:
    """Runs a script of moderation on one consultation: one slot, one round trip."""

    def __init__(self, caller: Caller, clock: StoreClock) -> None:
        self._caller = caller
        self._clock = clock

    def now(self) -> int:
        """Return the milliseconds by the store's clock."""
        return self._clock.now()

    def run(
        self,
        script: Script,
        consultation: Consultation,
        by: str,
        arguments: Sequence[int | str] = (),
        also: Sequence[str] = (),
    ) -> Any:
        """Return the script's reply. `also` are the KEYS that it has beside those of all."""
        at = [*(make(consultation.id) for make in MAKERS), *also]
        return run(self._caller, script, at, (self._clock.now() + DEADLINE, by, *arguments))


def script(name: str) -> Script:
    """Return the script `name`, with `desk.lua` behind its first line."""
    first, _, rest = Script.load(name).text.partition("\n")
    return Script.of(f"{first}\n{Script.load('desk').text}\n{rest}")
