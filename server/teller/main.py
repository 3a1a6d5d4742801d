"""The teller: seals, counts, deals decks and publishes twice a second; in threads beside it, it
syncs, counts for staff, draws up minutes, destroys ballots whose time is over, has the disks forget
who was forgotten, and has a process of its own look for opinion groups.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

from server.central.syncer import Syncer
from server.consultations.errors import ClocksApart, Refusal
from server.settings import Settings
from server.store.store import open_store
from server.supervisor.wakeup import listening
from server.teller.agreed_time import AgreedTime
from server.teller.candidates import Candidates
from server.teller.closing import Closing
from server.teller.counting import Counting
from server.teller.dealing import Dealing
from server.teller.deciding import Deciding
from server.teller.figures import Bookkeeping
from server.teller.grouping import Grouping
from server.teller.listing import Lister
from server.teller.retention import Retention
from server.teller.sealing import Sealing

TURN = 0.5  # seconds between two counts; readers see results at most a second old

log = logging.getLogger(__name__)


def now() -> datetime:
    return datetime.now(UTC)


def run(settings: Settings) -> None:
    """Work until asked to stop. Raises `StoreUnfit` or `SettingsError` at the start."""
    with closing(open_store(settings.redis_url, settings.replicas)) as store, listening() as wakeup:
        syncer, stop = Syncer(store, settings, now), threading.Event()
        agreed = AgreedTime(store.clock, now)
        courier = threading.Thread(target=syncer.run, args=(stop,), name="syncer")
        closing_, retention = Closing(store, settings, agreed), Retention(store, agreed)
        clerk = threading.Thread(target=closing_.run, args=(stop,), name="clerk")
        shredder = threading.Thread(target=retention.run, args=(stop,), name="shredder")
        keeper = threading.Thread(target=Bookkeeping(store).run, args=(stop,), name="bookkeeper")
        grouping = Grouping(store, settings.redis_url, now)
        pollster = threading.Thread(target=grouping.run, args=(stop,), name="pollster")
        threads = (courier, clerk, shredder, keeper, pollster)
        for thread in threads:
            thread.start()
        counting, sealing, deciding = Counting(store), Sealing(store, agreed), Deciding(store)
        candidates = Candidates(store, counting)
        dealing, lister = Dealing(store, candidates, now), Lister(store, candidates, now)
        turns = (sealing.turn, deciding.turn, counting.turn, dealing.turn, lister.turn)
        while not wakeup.asked_to_stop:
            for turn in turns:
                _attempt(turn)
            wakeup.wait(TURN)
        stop.set()
        for thread in threads:
            thread.join()
        syncer.close()


def _attempt(turn: Callable[[], None]) -> None:
    """Seal or count once. Whatever fails, the next turn makes up for it."""
    try:
        turn()
    except ClocksApart:
        pass  # it was told
    except Refusal as refusal:
        log.warning("The count waits: %s", refusal.detail)
    except Exception:
        log.exception("The count failed; it is tried again")
