"""What the page tells people to type is what these tests type."""

import base64
import re
import subprocess
from pathlib import Path

import pytest

from server.consultations.minutes_shape import SHAPE
from tests.minutes.conftest import public
from tests.minutes.rfc8032 import verifies
from tests.minutes.writing import changed, written

PAGE = (Path(__file__).parents[2] / "docs/staff/minutes.md").read_text()
EXTRACT, VERIFY = re.findall(r"^   ```sh\n(.*?)^   ```", PAGE, re.MULTILINE | re.DOTALL)


def typed(command: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    lines = "\n".join(line.removeprefix("   ") for line in command.splitlines())
    return subprocess.run(["sh", "-c", lines], cwd=folder, capture_output=True, text=True)


def openssl_3() -> bool:
    """Older ones, and macOS's own, know Ed25519 but not how to verify with it from a shell."""
    try:
        said = subprocess.run(["openssl", "version"], capture_output=True, text=True).stdout
    except FileNotFoundError:
        return False
    return re.match(r"OpenSSL [3-9]", said) is not None


@pytest.mark.parametrize("tampered", [False, True])
def test_the_commands_on_the_page_verify_minutes_without_us(tampered: bool, tmp_path: Path) -> None:
    """Any Python takes the file apart; OpenSSL, or the book where there is none, verifies."""
    content = changed(lambda d: d["totals"]["agree"].update(count=9)) if tampered else written()
    (tmp_path / "minutes.json").write_bytes(content)
    done = typed(EXTRACT, tmp_path)
    assert done.returncode == 0, done.stderr
    assert public().base64 in VERIFY
    if openssl_3():
        done = typed(VERIFY, tmp_path)
        assert ("Signature Verified Successfully" in done.stdout) is not tampered, done.stderr
        assert (done.returncode == 0) is not tampered
    message, signature = (tmp_path / name for name in ("signed.json", "signature.bin"))
    key = base64.b64decode(re.findall(r"KEY='(.+)'", VERIFY)[0])
    assert verifies(key, message.read_bytes(), signature.read_bytes()) is not tampered


def test_the_page_explains_every_key_of_the_minutes() -> None:
    section = PAGE.split("## What stands in them")[1].split("\n## ")[0]
    first_cells = re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE)
    assert {name for cell in first_cells for name in re.findall(r"`(\w+)`", cell)} == set(SHAPE)
