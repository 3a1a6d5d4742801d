"""Cut a release of the loader: `make release`, once per version of the project.

The bytes are committed, not built again: another minifier, another day, and the hash that
publishers pinned would no longer match. It can be cut again until the changelog dates the version:
from then on somebody may have it.
"""

import json
import re
import sys
from pathlib import Path

from server.version import VERSION
from server.web.asset import Asset, minified

EMBED = Path(__file__).parent
RELEASES = EMBED / "releases"
INTEGRITY = RELEASES / "integrity.json"
SNIPPET = EMBED / "snippets" / "pinned.html"
PAGE = EMBED.parent / "docs" / "editors" / "embedding.md"
CHANGELOG = EMBED.parent / "CHANGELOG.md"
PINNED = re.compile(r'/embed/[\w.-]+/embed\.js"(\s.*?)integrity="[^"]*"', re.DOTALL)


def cut(version: str) -> str:
    """Keep today's loader as `version`, and name it in snippet and documentation; return its hash.

    Raises `FileExistsError` if this version has been published.
    """
    path = RELEASES / f"{version}.js"
    if path.exists() and f"[{version}] - Unreleased" not in CHANGELOG.read_text():
        raise FileExistsError(path)
    body = minified("loader.js", (EMBED / "loader.js").read_text())
    path.write_bytes(body)
    integrity = Asset.of("embed.js", body).integrity
    known = json.loads(INTEGRITY.read_text()) if INTEGRITY.exists() else {}
    INTEGRITY.write_text(json.dumps(known | {version: integrity}, indent=2) + "\n")
    for place in (SNIPPET, PAGE):
        place.write_text(pin(place.read_text(), version, integrity))
    return integrity


def pin(text: str, version: str, integrity: str) -> str:
    """Have a script tag load this version and no other bytes."""
    return PINNED.sub(rf'/embed/{version}/embed.js"\1integrity="{integrity}"', text)


if __name__ == "__main__":
    try:
        print(VERSION, cut(VERSION))
    except FileExistsError as there:
        sys.exit(f"{there} has been published: it never changes. A new version needs its number.")
