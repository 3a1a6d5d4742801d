"""A real PostgreSQL of our own: a cluster in a temporary folder, on a unix socket, no network."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

# PostgreSQL refuses to run as root; Debian's package makes this account for it.
ACCOUNT = "postgres"


class PostgresMissing(Exception):
    """There is no PostgreSQL here. The message says what to install."""


def find(name: str) -> str:
    """Return the newest installed program called `name`; raise `PostgresMissing`."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    found = shutil.which(name, path=os.pathsep.join(map(str, folders))) or shutil.which(name)
    if not found:
        raise PostgresMissing(f"No {name} here. On Debian: apt install postgresql")
    return found


def _version(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdigit() else 0


class Postgres:
    """Use as a context manager; `url` is for SQLAlchemy."""

    def __init__(self) -> None:
        # Not pytest's own folder: a unix socket's path has room for a hundred bytes, and another
        # account must be able to enter.
        self._folder = Path(tempfile.mkdtemp(prefix="isoloir-pg-"))
        self._data = self._folder / "data"
        self._account = ACCOUNT if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name

    @property
    def url(self) -> str:
        return f"postgresql://{ACCOUNT}@/postgres?host={self._folder}"

    def __enter__(self) -> Self:
        if os.geteuid() == 0:
            shutil.chown(self._folder, ACCOUNT)
        self._run("initdb", "-D", self._data, "-U", ACCOUNT, "--auth=trust", "--no-sync")
        options = f"-k {self._folder} -c listen_addresses= -c fsync=off"
        log = self._folder / "log"
        self._run("pg_ctl", "-D", self._data, "-l", log, "-w", "-o", options, "start")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(self._folder)

    def _run(self, program: str, *arguments: object) -> None:
        other = self._account if os.geteuid() == 0 else None
        subprocess.run(
            [find(program), *map(str, arguments)],
            user=other,
            group=other,
            extra_groups=[] if other else None,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            check=True,
        )
