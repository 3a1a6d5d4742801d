"""The command line, typed at a service whose data folder says where everything is."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Shell:
    """Types `isoloir --data <folder> …` in a process of its own."""

    data: Path
    environ: Mapping[str, str] = field(default_factory=dict)

    def run(self, *arguments: object) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self._command(*arguments), capture_output=True, text=True, env=self._environ
        )

    def start(self, *arguments: object) -> "subprocess.Popen[str]":
        """Start a command and leave it running; its output is read from one pipe."""
        return subprocess.Popen(
            self._command(*arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=self._environ,
        )

    def _command(self, *arguments: object) -> list[str]:
        return [sys.executable, "-m", "server.cli.main", "--data", str(self.data)] + [
            str(argument) for argument in arguments
        ]

    @property
    def _environ(self) -> dict[str, str]:
        """What the test run itself was started with must not lead elsewhere."""
        ours = ("ISOLOIR_", "REDIS_URL", "PORT")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return {**kept, "PYTHONUTF8": "1", **self.environ}
