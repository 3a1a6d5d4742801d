"""Whatever could tell who voted what, and every place where a server could still have it."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redis

LOGS = ("SLOWLOG GET -1", "COMMANDLOG GET -1 large-request", "COMMANDLOG GET -1 large-reply")
TELLTALE = {
    "slowlog-log-slower-than": 0,  # log every command
    "commandlog-request-larger-than": 0,
    "commandlog-reply-larger-than": 0,
    "repl-diskless-sync-delay": 0,  # a replica need not wait for others
    # A compressed file would hide its words from a search; another server reads compressed ones.
    "rdbcompression": "no",
}

RECORD = re.compile(rb"iso:\{\w+\.\d+\}[\w-]")  # the key of any voter's record


@dataclass(frozen=True)
class Traces:
    """Words to look for, by what they are: each as text and as the bytes that it stands for."""

    words: dict[str, frozenset[bytes]]

    @classmethod
    def of(
        cls,
        voters: list[str],
        key: bytes | None,
        ids: Sequence[str] = (),
        authors: Sequence[str] = (),
    ) -> "Traces":
        """Return the traces of these voters, the voter key, and the ids of their credentials.

        Of authors: their names, any list of what one proposed, and any text nobody published.
        """
        assert key
        return cls(
            {
                "voter": frozenset(form for voter in voters for form in _forms(voter)),
                "voter key": frozenset((key, key.hex().encode(), key.hex().upper().encode())),
                "credential": frozenset(form for one in ids for form in _forms(one)),
                "record": frozenset((b"}:pace:",)),
                "author": frozenset(
                    [b"}:author:", b"entre nous", *(f for one in authors for f in _forms(one))]
                ),
            }
        )

    def in_bytes(self, content: bytes) -> set[str]:
        found = {what for what, forms in self.words.items() if any(f in content for f in forms)}
        return found | ({"record"} if RECORD.search(content) else set())

    def in_folder(self, folder: Path) -> dict[str, set[str]]:
        """Return what stands in which file, of all files there are."""
        while True:
            files = [path for path in folder.rglob("*") if path.is_file()]
            assert files
            try:
                found = {path.name: self.in_bytes(path.read_bytes()) for path in files}
            except FileNotFoundError:
                continue  # a server was giving a file its final name: look at all of them again
            return {name: traces for name, traces in found.items() if traces}

    def in_keys(self, client: Any) -> set[str]:
        """Look through every key, its value as the server itself would write it to a file."""
        found = set()
        for name in client.scan_iter(count=1000):
            found |= self.in_bytes(name) | self.in_bytes(client.dump(name) or b"")
        return found

    def in_logs(self, client: Any) -> set[str]:
        """Look through the commands that the server remembers."""
        said = [client.execute_command(*command.split()) for command in LOGS]
        return self.in_bytes(_all_bytes(said))

    def on(self, url: str, folder: Path) -> set[str]:
        """Return what is left anywhere on one server."""
        with raw(url) as client:
            there = self.in_keys(client) | self.in_logs(client)
        return there.union(*self.in_folder(folder).values())


def tell(client: Any) -> None:
    """Have a server remember every command and compress nothing."""
    for name, value in TELLTALE.items():
        client.config_set(name, value)


@contextmanager
def raw(url: str) -> Iterator[Any]:
    """Give a client that takes bytes as they are."""
    client = redis.Redis.from_url(url, single_connection_client=True)
    try:
        with suppress(redis.ResponseError):  # it is not part of a cluster
            client.execute_command("READONLY")  # or its replicas would send us to their primary
        yield client
    finally:
        client.close()


def _forms(name: str) -> tuple[bytes, bytes]:
    return name.encode(), urlsafe_b64decode(name + "=" * (-len(name) % 4))


def _all_bytes(said: Any) -> bytes:
    if isinstance(said, dict):
        said = list(said.values())
    if isinstance(said, list | tuple):
        return b" ".join(map(_all_bytes, said))
    return said if isinstance(said, bytes) else str(said).encode()
