"""One process of ours: started in a session of its own, logged to a file, stopped as a group."""

import contextlib
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import urllib3

from server.supervisor.last_words import last_line
from server.supervisor.parent import dies_with_parent, kill_group

ANSWER_SECONDS = 1.0


class Child:
    """A command, its environment, and the address that answers 200 once it is ready, if any.

    It runs in the data folder: relative paths in its settings are meant from there.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environ: Mapping[str, str],
        data: Path,
        probe: str | None = None,
    ) -> None:
        self.name = name
        self.log = data / "log" / f"{name}.log"
        self._command = list(command)
        self._environ = dict(environ)
        self._data = data
        self._probe = probe
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the command; a Ctrl-C in the terminal reaches us first, not its session."""
        self.log.parent.mkdir(exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own commands
                self._command,
                cwd=self._data,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dies_with_parent(),
            )

    def alive(self) -> bool:
        """Whether it runs; what a dead one left behind is cleared away, its port with it."""
        if self._process is None:
            return False
        if self._process.poll() is None:
            return True
        kill_group(self._process.pid)
        return False

    def ended(self) -> int | None:
        """Return how it ended: an exit code, or minus the signal that killed it."""
        return self._process.poll() if self._process else None

    def why(self) -> str:
        """Say why it ended, in its own words."""
        return last_line(self.log)

    def ready(self) -> bool:
        if not self._probe:
            return self.alive()
        with urllib3.PoolManager() as http, contextlib.suppress(urllib3.exceptions.HTTPError):
            answer = http.request("GET", self._probe, timeout=ANSWER_SECONDS, retries=False)
            return answer.status == 200
        return False

    def terminate(self) -> None:
        """Ask it to end; `stop` waits for it."""
        if self._process and self._process.poll() is None:
            self._process.terminate()

    def stop(self, seconds: float) -> None:
        """End it and everything it started, by force after `seconds`."""
        if self._process is None:
            return
        self.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        kill_group(self._process.pid)
        self._process.wait()
        self._process = None
