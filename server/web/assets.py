"""Assets: style sheets and scripts of booth and console, and the loader, under names that never lie.

A wheel brings them ready in `widget/built/`; a checkout makes them when it starts. To write them
into a folder: `python -m server.web.assets FOLDER`.
"""

import json
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import embed
import server.staff
import widget
from server.web.asset import Asset, minified
from server.web.bundle import Messages, bundle, bundles

WIDGET = Path(widget.__file__).parent
EMBED = Path(embed.__file__).parent
STAFF = Path(server.staff.__file__).parent / "static"
BUILT = WIDGET / "built"
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Assets:
    """All assets by the name that carries their hash, so that caches may keep them for ever."""

    files: dict[str, Asset]
    hashed: dict[str, str]  # "booth.css" -> "booth.3f2a….css"

    @classmethod
    def of(cls, plain: dict[str, Asset]) -> "Assets":
        hashed = {name: _with_hash(name, asset.etag) for name, asset in plain.items()}
        return cls({hashed[name]: asset for name, asset in plain.items()}, hashed)

    @classmethod
    def load(cls, debug: bool = False) -> "Assets":
        """Return what the wheel brought, or else build it; to debug, build it as it is written."""
        return cls.read(BUILT) if BUILT.exists() and not debug else _built(debug)

    @classmethod
    def read(cls, folder: Path) -> "Assets":
        """Return what `write` wrote."""
        manifest = json.loads((folder / MANIFEST).read_text())
        return cls.of({name: Asset.read(folder / told["file"]) for name, told in manifest.items()})

    def write(self, folder: Path) -> None:
        """Write every file and a manifest of their names and hashes into a new folder."""
        folder.mkdir(parents=True)
        for filename, asset in self.files.items():
            asset.write(folder / filename)
        manifest = {
            name: {"file": filename, "integrity": self.files[filename].integrity}
            for name, filename in sorted(self.hashed.items())
        }
        (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")

    def url(self, name: str) -> str:
        """Return the address of a style sheet, `booth.<language>.js` or another."""
        return f"/assets/{self.hashed[name]}"

    def find(self, filename: str) -> Asset | None:
        """Return the asset whose name with hash is `filename`."""
        return self.files.get(filename)

    def named(self, name: str) -> Asset | None:
        """Return the asset whose name without hash is `name`."""
        return self.files.get(self.hashed.get(name, ""))

    @property
    def loader(self) -> Asset:
        return self.files[self.hashed["loader.js"]]

    def release(self, version: str) -> Asset | None:
        """Return the loader as it was released, byte for byte."""
        return self.named(f"embed-{version}.js")


def build(debug: bool = False, folder: Path = WIDGET) -> Assets:
    """Make all assets of the sources: minified, unless debugging; releases stay as they are."""
    texts = {path.name: path.read_text() for path in sorted(folder.glob("*.css"))}
    for path in sorted((folder / "messages").glob("*.json")):
        texts |= _scripts(folder / "src", path.stem, json.loads(path.read_text()))
    texts |= {path.name: bundle(path, {}) for path in (folder / "src").glob("checker.js")}
    texts |= {path.name: path.read_text() for path in sorted(STAFF.glob("*.*"))}
    # A folder of modules is one script: no page waits for one module to name the next.
    texts |= {f"{path.parent.name}.js": bundle(path, {}) for path in STAFF.glob("*/main.js")}
    texts["loader.js"] = (EMBED / "loader.js").read_text()
    bodies = {n: text.encode() if debug else minified(n, text) for n, text in texts.items()}
    for path in sorted((EMBED / "releases").glob("*.js")):
        bodies[f"embed-{path.name}"] = path.read_bytes()
    return Assets.of({name: Asset.of(name, body) for name, body in bodies.items()})


_built = cache(build)  # tests start hundreds of services in one process


def _scripts(folder: Path, language: str, messages: Messages) -> dict[str, str]:
    """Return the script up to the first vote, and the one for what may follow, where there is."""
    first, second = folder / "main.js", folder / "more.js"
    if not second.exists():
        return {f"booth.{language}.js": bundle(first, messages)}
    names = (f"booth.{language}.js", f"more.{language}.js")
    made = dict(zip(names, bundles(first, second, messages), strict=True))
    apart = folder.glob("verify.js")  # a page of its own needs nothing of the booth's
    return made | {f"{path.stem}.{language}.js": bundle(path, messages) for path in apart}


def _with_hash(name: str, digest: str) -> str:
    stem, _, extension = name.rpartition(".")
    return f"{stem}.{digest}.{extension}"


if __name__ == "__main__":
    build().write(Path(sys.argv[1]))
