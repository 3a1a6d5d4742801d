"""The configuration of the embedded store, written into its data folder at each start."""

from pathlib import Path

CONFIG = """\
port 0
unixsocket "{socket}"
unixsocketperm 700
dir "{data}"
daemonize no
# Durable: an answer is given only after the vote is on the disk.
appendonly yes
appendfsync always
aof-use-rdb-preamble yes
# A power cut may leave half of a vote at the end, which nobody was told is counted: leave it out.
aof-load-truncated yes
save ""
# A backup need not wait for replicas that might join it.
repl-diskless-sync-delay 0
# The ballot box never forgets a voter to make room.
maxmemory-policy noeviction
# A voter's record stays an intset up to 480 ballots and its marks, and what is beyond a listpack.
set-max-intset-entries 512
hash-max-listpack-entries 512
hash-max-listpack-value 64
"""


def write_config(data: Path, socket: Path) -> Path:
    """Write the file, unless it is there already, and return its path.

    On a full disk an unchanged file needs no room, so that the server can start and be read.
    """
    path, text = data / "valkey.conf", CONFIG.format(socket=socket, data=data)
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
    return path
