"""Released loaders: the same bytes for good, whatever becomes of the loader and the minifier."""

import json
import re
import shutil
import subprocess
import sys
from base64 import b64encode
from hashlib import sha384
from pathlib import Path

import pytest
from flask import Flask

from embed import release
from tests.widget.test_assets import LOADER

PINNED = json.loads(release.INTEGRITY.read_text())
ROOT = release.EMBED.parent


def hashed(body: bytes) -> str:
    return f"sha384-{b64encode(sha384(body).digest()).decode()}"


def test_every_release_is_there_and_no_other() -> None:
    assert {path.stem for path in release.RELEASES.glob("*.js")} == set(PINNED)


@pytest.mark.parametrize("version", PINNED)
def test_a_release_is_served_with_the_bytes_that_publishers_pinned(
    app: Flask, version: str
) -> None:
    answer = app.test_client().get(f"/embed/{version}/embed.js")
    assert hashed(answer.data) == PINNED[version]
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    packed = app.test_client().get(
        f"/embed/{version}/embed.js", headers={"Accept-Encoding": "gzip"}
    )
    assert len(packed.data) <= LOADER


def test_a_release_that_never_was_is_not_found(app: Flask) -> None:
    for version in ("0.0.0", "v1", "..", "integrity.json"):
        assert app.test_client().get(f"/embed/{version}/embed.js").status_code == 404


def test_the_snippet_pins_the_newest_release() -> None:
    newest = max(PINNED, key=lambda version: [int(part) for part in version.split(".")])
    text = release.SNIPPET.read_text()
    assert f"$service/embed/{newest}/embed.js" in text
    assert f'integrity="{PINNED[newest]}"' in text
    assert 'crossorigin="anonymous"' in text


def test_the_pinned_snippet_differs_from_the_usual_one_by_its_script_only() -> None:
    usual = release.SNIPPET.with_name("script.html").read_text()
    assert release.SNIPPET.read_text().split("<script")[0] == usual.split("<script")[0]


def cut(root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "embed.release"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the project that is at work on version 9.8.7."""
    for folder in ("embed", "server", "widget", "docs/editors"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    version = tmp_path / "server" / "version.py"
    version.write_text(re.sub(r'"\d.*"', '"9.8.7"', version.read_text()))
    (tmp_path / "CHANGELOG.md").write_text("## [9.8.7] - Unreleased\n")
    return tmp_path


def test_one_command_cuts_a_release_and_shows_it_to_editors(copy: Path) -> None:
    done = cut(copy)
    assert done.returncode == 0, done.stderr
    new = hashed((copy / "embed/releases/9.8.7.js").read_bytes())
    known = json.loads((copy / "embed/releases/integrity.json").read_text())
    assert known == {**PINNED, "9.8.7": new}
    for place in ("embed/snippets/pinned.html", "docs/editors/embedding.md"):
        text = (copy / place).read_text()
        assert re.findall(r"/embed/(.*)/embed\.js", text) == ["9.8.7"]
        assert new in text


def test_a_release_changes_until_it_is_published_and_never_after(copy: Path) -> None:
    (copy / "embed/loader.js").write_text("'first'")
    assert cut(copy).returncode == 0
    (copy / "embed/loader.js").write_text("'second'")
    assert cut(copy).returncode == 0
    (copy / "CHANGELOG.md").write_text("## [9.8.7] - 2027-01-31\n")
    (copy / "embed/loader.js").write_text("'third'")
    refused = cut(copy)
    assert refused.returncode == 1
    assert "never changes" in refused.stderr
    assert "second" in (copy / "embed/releases/9.8.7.js").read_text()
