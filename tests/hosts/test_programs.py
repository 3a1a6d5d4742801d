"""Browsers come and go with the tests."""

import subprocess
import tempfile

import pytest

from tests.browser.service import until
from tests.hosts.engines import Engine
from tests.hosts.programs import ProgramMissing, find


def running_in(folder: str) -> list[str]:
    """Return the processes whose command or environment names the folder."""
    listed = subprocess.run(["ps", "axeww", "-o", "args="], capture_output=True, text=True)
    return [line for line in listed.stdout.splitlines() if folder in line]


def fail_in(engine: Engine, folder: str) -> None:
    with engine.start(True) as browser:
        browser.get("about:blank")
        assert len(running_in(folder)) > 1
        raise KeyboardInterrupt


def test_a_browser_ends_with_all_that_it_started_however_the_test_ends(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tempfile.TemporaryDirectory(prefix="isoloir-") as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        with pytest.raises(KeyboardInterrupt):
            fail_in(engine, folder)
        until(lambda: running_in(folder) == [])


def test_a_missing_program_is_named_with_the_package_that_brings_it() -> None:
    with pytest.raises(ProgramMissing, match="apt install its-package"):
        find("no-such-browser", package="its-package")
