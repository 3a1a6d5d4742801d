"""Damage: why the embedded store cannot load or write its files, and what a person does about it."""

import os
import re
import shlex
from pathlib import Path

FOLDER = "appendonlydir"
# What the server's log says, in the words of Valkey and of Redis.
BROKEN = re.compile(
    r"# (?:Bad file format|Unexpected end of file) reading the append only file (\S+):"
)
NONSENSE = re.compile(r"# Error reading the append only file ([^\s,]+), error")
MISSING = re.compile(r"# Unable to obtain the AOF file (\S+) length\.")
LOADING = re.compile(r"Reading RDB base file on AOF loading")
LOADED = re.compile(r"Ready to accept connections|DB loaded from base file")
MANIFEST = re.compile(r"FATAL AOF MANIFEST FILE ERROR")
UNWRITTEN = re.compile(r"AOF write error|No space left on device|File too large")
FULL = 1 << 20  # bytes free: with less the server could not even say that it has no room
RESTORE = "restore a backup"


def explain(data: Path, server: str, said: str) -> str | None:
    """Return one line that says what to do, or None if neither files nor disk are to blame.

    `said` is what the server wrote into its log since it started; `server` is its binary.
    """
    if found := BROKEN.search(said):
        return _broken(data / FOLDER / found[1], server)
    if found := NONSENSE.search(said):
        return f"{data / FOLDER / found[1]} is damaged: {RESTORE}."
    if found := MISSING.search(said):
        return f"{data / FOLDER / found[1]} is missing: {RESTORE}."
    if MANIFEST.search(said):
        return f"The list of files in {data / FOLDER} is damaged: {RESTORE}."
    if LOADING.search(said) and not LOADED.search(said):
        return f"The base file in {data / FOLDER} is damaged: {RESTORE}."
    if UNWRITTEN.search(said) or _room(data) < FULL:
        return f"{data} cannot be written: make room there. Votes are refused until then."
    return None


def _broken(path: Path, server: str) -> str:
    """Name the file and the command that keeps what is before the damage.

    The checker is the server's own binary under another name. It is given the file itself: asked
    about the whole folder, Valkey 9.1's does not know the base file that Valkey 9.1 writes.
    """
    name = "redis-check-aof" if Path(server).name.startswith("redis") else "valkey-check-aof"
    checker = path.parent.parent / name
    make, run = ["ln", "-sf", server, str(checker)], [str(checker), "--fix", str(path)]
    return (
        f"{path} is damaged: {RESTORE}; or copy the folder away and give up every vote after the "
        f"damage: {shlex.join(make)} && {shlex.join(run)}"
    )


def _room(data: Path) -> int:
    """Return how many bytes may still be written beside `data`."""
    disk = os.statvfs(data)
    return disk.f_bavail * disk.f_frsize
