"""One machine: the store, the service around it and, for the demo, both of its neighbours."""

import contextlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from server.keyring import Keyring
from server.settings import Listening, Settings, SettingsError
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
        whole = {**environ, **written, "PYTHONUNBUFFERED": "1"}
        settings, ports = Settings.load(whole), Listening.load(whole)
        _demand_usable(settings, embedded=bool(store))
        demand_free(ports.address, _wanted(ports, demo=prepare is not None))
        _write(data, written)
        supervisor = Supervisor(wakeup, say)
        at_end.callback(supervisor.stop)
        if store and not supervisor.start([store]):
            return
        if prepare:
            prepare(settings)
        if supervisor.start(children(data, whole, demo=prepare is not None)):
            welcome(settings, ports)
            supervisor.watch()
            say("Stopping.")


def _demand_usable(settings: Settings, embedded: bool) -> None:
    """Raise `SettingsError` for what only a part would find out, and die of again and again."""
    Keyring.parse(settings.signing_key).demand_signer()
    if embedded and settings.replicas:
        raise SettingsError(
            "The embedded store has no replicas: ISOLOIR_REPLICAS needs a REDIS_URL."
        )


def _take(lock: FolderLock) -> FolderLock:
    try:
        lock.take()
    except FolderInUse as error:
        raise CannotStart(str(error)) from None
    except OSError as error:
        raise CannotStart(f"{lock.folder} cannot be used: {error.strerror}.") from error
    return lock


def _write(data: Path, settings: Mapping[str, str]) -> None:
    try:
        write(data, settings)
    except OSError as error:
        raise CannotStart(f"{data} cannot be written: {error.strerror}.") from error


def _wanted(ports: Listening, demo: bool) -> dict[str, int]:
    wanted = {"PORT": ports.port}
    if demo:
        wanted |= {
            "ISOLOIR_RECEIVER_PORT": ports.receiver_port,
            "ISOLOIR_DEMO_PORT": ports.demo_port,
        }
    return wanted
