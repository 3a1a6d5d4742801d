"""Purge: destroy a closed consultation's ballots and voter key, in the keys and on every disk.

It can be interrupted anywhere and run again: each step finds what the last run has left.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

from server.consultations.consultation import Consultation
from server.consultations.errors import BallotsDestroyed, BallotsNeeded, PurgeIncomplete
from server.store import keys, scripts
from server.store.connection import Client, primaries, reaching_store
from server.store.seals import sealed_at
from server.store.sweep import sweep
from server.store.wiping import Pause

BATCH = 1000  # keys looked at, and destroyed, in one step of the server
ACTS = 100  # acts of staff, and decisions, looked at in one step


@dataclass(frozen=True)
class Purged:
    """When the ballots began to be destroyed, and since when none is on any disk."""

    begun: datetime
    done: datetime | None


@dataclass(frozen=True)
class Purge:
    """`replicas` is how many each primary must have: one that is away may come back with ballots."""

    client: Client
    replicas: int = 0

    def state(self, consultation: Consultation) -> Purged | None:
        """Return what has been destroyed so far, None while all is there."""
        return purged(self.client, consultation)

    @reaching_store()
    def until(self, consultation: Consultation) -> datetime:
        """Return when the ballots are due to be destroyed.

        The retention counts from the close, but is never shorter counted from the seal: the close
        is a date that somebody wrote, the seal what has happened, by the store's clock.
        """
        sealed = sealed_at(self.client, consultation) or consultation.closes
        late = max(sealed - consultation.closes, timedelta(0))
        return consultation.keeps_until + late

    @reaching_store()
    def demand(self, consultation: Consultation, now: datetime, early: bool = False) -> None:
        """Raise `BallotsNeeded` unless the ballots may be destroyed `now`, by the store's clock."""
        slug, until = consultation.slug, self.until(consultation)
        if not consultation.phase(now).is_over:
            raise BallotsNeeded(f"{slug} is not closed.")
        if sealed_at(self.client, consultation) is None:
            raise BallotsNeeded(f"{slug} is not sealed yet: the teller does it within a second.")
        if not self.client.exists(keys.minutes(consultation.id)):
            raise BallotsNeeded(f"{slug} has no minutes yet, and they need the ballots.")
        if now < until and not early and not self.state(consultation):
            raise BallotsNeeded(
                f"{slug} keeps its ballots until {until:%Y-%m-%d %H:%M} ({until.tzinfo})."
            )

    @reaching_store()
    def run(
        self,
        consultation: Consultation,
        now: datetime,
        early: bool = False,
        pause: Pause = time.sleep,
    ) -> int:
        """Destroy everything that tells who voted what; return how many voters had ballots.

        Raises `BallotsNeeded`, and `PurgeIncomplete` if a server may still hold some of it.
        """
        self.demand(consultation, now, early)
        self._begin(consultation, now)
        voters = sum(sum(map(keys.is_voter, names)) for names in self._destroy(consultation, pause))
        self._blur(consultation, pause)
        if failed := sweep(self.client, self.replicas, pause):
            raise PurgeIncomplete(f"Ballots may still be on a disk: {'; '.join(failed)}.")
        again = any([*self._destroy(consultation, pause), self._blur(consultation, pause)])
        if again or self.client.exists(keys.voter_key(consultation.id)):
            raise PurgeIncomplete("A server came back with ballots while others were wiped.")
        self.client.hsetnx(keys.purge(consultation.id), "done", _milliseconds(now))
        return voters

    def _begin(self, consultation: Consultation, now: datetime) -> None:
        c = consultation.id
        begin = scripts.load(self.client, "begin_purge")
        begin(keys=[keys.purge(c), keys.voter_key(c), keys.version(c)], args=[_milliseconds(now)])
        retire = scripts.load(self.client, "retire_box")
        for box in keys.boxes(c, consultation.boxes):
            retire(keys=[box.seal])
            self.client.unlink(box.recount, box.shadow_voters)

    def _destroy(self, consultation: Consultation, pause: Pause) -> Iterator[list[str]]:
        """Unlink all that is about single persons, in all boxes and beside them; yield it in batches."""
        for node in primaries(self.client):
            for found in _batches(node, keys.of_consultation(consultation.id)):
                names = list(filter(keys.of_a_person, found))
                if names:  # they have come back, if an earlier run was done
                    self.client.hdel(keys.purge(consultation.id), "done")
                _unlink(node, names)
                yield names
                pause(0)

    def _blur(self, consultation: Consultation, pause: Pause) -> int:
        """Leave who decided what, and no digest of a text that is gone; return how many there were."""
        at = [keys.acts(consultation.id), keys.decided(consultation.id)]
        blur, found = scripts.load(self.client, "blur_versions"), 0
        decided = self.client.hkeys(keys.decided(consultation.id))
        for start in range(0, max(self.client.llen(at[0]), len(decided)), ACTS):
            last = start + ACTS - 1
            found += int(blur(keys=at, args=[start, last, *decided[start : last + 1]]))
            pause(0)
        return found


@reaching_store()
def purged(client: Client, consultation: Consultation) -> Purged | None:
    """Return what has been destroyed of a consultation so far, None while all is there."""
    begun, done = client.hmget(keys.purge(consultation.id), "begun", "done")
    return Purged(_moment(begun), _moment(done) if done else None) if begun else None


def demand_ballots(client: Client, consultation: Consultation) -> None:
    """Raise `BallotsDestroyed` if there is nothing left to count."""
    if found := purged(client, consultation):
        day = f"{found.begun:%Y-%m-%d}"
        raise BallotsDestroyed(f"The ballots of {consultation.slug} were destroyed on {day}.")


def _batches(node: Client, pattern: str) -> Iterator[list[str]]:
    cursor, begun = 0, False
    while cursor or not begun:
        cursor, names = node.scan(cursor, match=pattern, count=BATCH)
        begun = True
        if names:
            yield names


def _unlink(node: Client, names: list[str]) -> None:
    """Unlink keys of several boxes in one round trip, each box by a command of its own."""
    with node.pipeline(transaction=False) as batch:
        for _, of_box in groupby(sorted(names), key=lambda name: name.partition("}")[0]):
            batch.unlink(*of_box)
        batch.execute()


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _moment(milliseconds: str) -> datetime:
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
