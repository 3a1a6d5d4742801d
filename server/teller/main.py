"""The teller: seals, counts and publishes twice a second, and syncs in a thread beside it."""

import logging
import threading
from contextlib import closing
from datetime import UTC, datetime

from server.central.syncer import Syncer
from server.consultations.errors import Refusal
from server.settings import Settings
from server.store.store import open_store
from server.supervisor.wakeup import listening
from server.teller.counting import Counting
from server.teller.sealing import Sealing

TURN = 0.5  # seconds between two counts; readers see results at most a second old

log = logging.getLogger(__name__)


def now() -> datetime:
    return datetime.now(UTC)


def run(settings: Settings) -> None:
    """Work until asked to stop. Raises `StoreUnfit` if the store is missing at the start."""
    with closing(open_store(settings.redis_url)) as store, listening() as wakeup:
        syncer, stop = Syncer(store, settings, now), threading.Event()
        courier = threading.Thread(target=syncer.run, args=(stop,), name="syncer")
        courier.start()
        counting, sealing = Counting(store), Sealing(store, now)
        while not wakeup.asked_to_stop:
            _turn(counting, sealing)
            wakeup.wait(TURN)
        stop.set()
        courier.join()
        syncer.close()


def _turn(counting: Counting, sealing: Sealing) -> None:
    """Seal and count once. Whatever fails, the next turn makes up for it."""
    try:
        sealing.turn()
        counting.turn()
    except Refusal as refusal:
        log.warning("The count waits: %s", refusal.detail)
    except Exception:
        log.exception("The count failed; it is tried again")
