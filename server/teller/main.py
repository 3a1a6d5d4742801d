"""The teller: seals, counts and publishes twice a second, and syncs in a thread beside it."""

import logging
import signal
import threading
from datetime import UTC, datetime

from server.central.syncer import Syncer
from server.consultations.errors import Refusal
from server.settings import Settings
from server.store.store import open_store
from server.teller.counting import Counting
from server.teller.sealing import Sealing

TURN = 0.5  # seconds between two counts; readers see results at most a second old

log = logging.getLogger(__name__)


def now() -> datetime:
    return datetime.now(UTC)


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT. Raises `StoreUnfit` if the store is missing at the start."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    store = open_store(settings.redis_url)
    syncer = Syncer(store, settings, now)
    courier = threading.Thread(target=syncer.run, args=(stop,), name="syncer")
    courier.start()
    counting, sealing = Counting(store), Sealing(store, now)
    while not stop.is_set():
        try:
            sealing.turn()
            counting.turn()
        except Refusal as refusal:
            # The store is away. Nothing is lost: the next turn counts what this one missed.
            log.warning("The count waits: %s", refusal.detail)
        except Exception:
            log.exception("The count failed; it is tried again")
        stop.wait(TURN)
    courier.join()
    syncer.close()
    store.close()
