"""One machine: the store, the service around it and, for the demo, both of its neighbours."""

import contextlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from server.settings import Listening, Settings
from server.supervisor.embedded import EmbeddedStore
from server.supervisor.environment import compose, write
from server.supervisor.folder import FolderInUse, FolderLock
from server.supervisor.ports import demand_free
from server.supervisor.processes import children
from server.supervisor.supervisor import CannotStart, Supervisor
from server.supervisor.wakeup import listening

Say = Callable[[str], None]


def run(
    data: Path,
    say: Say,
    welcome: Callable[[Settings, Listening], None],
    prepare: Callable[[Settings], None] | None = None,
    environ: Mapping[str, str] = os.environ,
) -> None:
    """Run the service on the folder `data` until asked to stop; with `prepare`, the demo.

    `prepare` is called once the store answers, `welcome` once everything does. Raise
    `CannotStart`, `SettingsError` or `EmbeddedStoreError`.
    """
    data = data.resolve()
    store = None if environ.get("REDIS_URL") else EmbeddedStore(data)
    with listening() as wakeup, contextlib.ExitStack() as at_end:
        at_end.callback(_take(store.lock if store else FolderLock(data)).release)
        written = compose(data, environ, store.url if store else None, demo=prepare is not None)
        settings, ports = Settings.load(written), Listening.load(written)
        demand_free(ports.address, _wanted(ports, demo=prepare is not None))
        write(data, written)
        supervisor = Supervisor(wakeup, say)
        at_end.callback(supervisor.stop)
        if store and not supervisor.start([store]):
            return
        if prepare:
            prepare(settings)
        whole = {**environ, **written, "PYTHONUNBUFFERED": "1"}
        if supervisor.start(children(data, whole, demo=prepare is not None)):
            welcome(settings, ports)
            supervisor.watch()
            say("Stopping.")


def _take(lock: FolderLock) -> FolderLock:
    try:
        lock.take()
    except FolderInUse as error:
        raise CannotStart(str(error)) from None
    return lock


def _wanted(ports: Listening, demo: bool) -> dict[str, int]:
    wanted = {"PORT": ports.port}
    if demo:
        wanted |= {
            "ISOLOIR_RECEIVER_PORT": ports.receiver_port,
            "ISOLOIR_DEMO_PORT": ports.demo_port,
        }
    return wanted
