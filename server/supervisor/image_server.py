"""A private server that has loaded one image, for as long as it takes to read it."""

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from server.supervisor.embedded import find_server
from server.supervisor.parent import dies_with_parent

IMAGE = "image.rdb"
LOOK = 0.02  # seconds
NEWER = re.compile(rb"RDB format version|Wrong signature")


class ImageUnreadable(Exception):
    """The server here cannot load the image. The message is one line that says what to do."""


@contextlib.contextmanager
def image_server(chunks: Iterable[bytes], database: int, binary: str | None) -> Iterator[Any]:
    """Load an image into a server on a unix socket and yield a client of it; replies are bytes.

    What it holds is how people voted: the folder is ours alone, and the file is gone as soon as
    it has been read. `binary` is a server to use in place of the one that is found.
    """
    folder = Path(tempfile.mkdtemp(prefix="isoloir-"))
    try:
        _write(folder / IMAGE, chunks)
        with _running(folder, database, binary or find_server()) as process:
            client = redis.Redis(
                unix_socket_path=str(folder / "s"), db=database, retry=Retry(NoBackoff(), 0)
            )
            with contextlib.closing(client):
                _wait(client, process, folder)
                (folder / IMAGE).unlink()
                yield client
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(path: Path, chunks: Iterable[bytes]) -> None:
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(number, "wb") as file:
            file.writelines(chunks)
    except OSError as error:
        words = f"{error.strerror} in {path.parent.parent}"
        raise ImageUnreadable(f"{words}. Set TMPDIR to a folder that takes it.") from error


@contextlib.contextmanager
def _running(folder: Path, database: int, binary: str) -> Iterator["subprocess.Popen[bytes]"]:
    settings = {
        "port": "0",
        "unixsocket": str(folder / "s"),
        "unixsocketperm": "700",
        "dir": str(folder),
        "dbfilename": IMAGE,
        "databases": str(max(16, database + 1)),
        "appendonly": "no",
        "save": "",
        # A file that was made to harm is refused before anything reads it.
        "sanitize-dump-payload": "yes",
    }
    words = [word for name, value in settings.items() for word in (f"--{name}", value)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - the operator's own binary, our arguments
            [binary, *words],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=dies_with_parent(),
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _wait(client: redis.Redis, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    """Wait for as long as the image takes to load."""
    while process.poll() is None:
        with contextlib.suppress(redis.RedisError):
            if client.ping():
                return
        time.sleep(LOOK)
    raise ImageUnreadable(_why(process.returncode, (folder / "log").read_bytes()))


def _why(ended: int, log: bytes) -> str:
    if ended < 0:
        return f"it was ended by signal {-ended}. Is there memory for a second copy of the store?"
    if NEWER.search(log):
        return "it is of a newer or another server. Name one that can with --server."
    return "it is damaged."
