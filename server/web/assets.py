"""Assets: the booth's style sheet and script, and the loader, as browsers receive them."""

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import minify

import embed
import widget

WIDGET = Path(widget.__file__).parent
LOADER = Path(embed.__file__).parent / "loader.js"

IMPORT = re.compile(r'^import .*? from "\./(\w+)\.js";\n', re.MULTILINE)
SAID = re.compile(r'\bsay\("(\w+)"')
WORDS = "const WORDS = {};"


@dataclass(frozen=True)
class Asset:
    """A file as it is sent. `gzip` is the same body compressed, `etag` without quotes."""

    body: bytes
    gzip: bytes
    mimetype: str
    etag: str

    @classmethod
    def of(cls, text: str, mimetype: str, debug: bool) -> "Asset":
        """Minify `text`, unless debugging, and compress it."""
        body = (text if debug else minify.string(mimetype, text)).encode()
        digest = hashlib.sha256(body).hexdigest()[:16]
        return cls(body, gzip.compress(body, 9, mtime=0), mimetype, digest)


@dataclass(frozen=True)
class Assets:
    """All assets by the name that carries their hash, so that caches may keep them for ever."""

    files: dict[str, Asset]
    hashed: dict[str, str]  # "booth.css" -> "booth.3f2a….css"
    loader: Asset

    @classmethod
    def load(cls, debug: bool = False) -> "Assets":
        """Build everything once: the style sheets, one script per language, the loader."""
        sheets = ("booth.css", "page.css")
        plain = {n: Asset.of((WIDGET / n).read_text(), "text/css", debug) for n in sheets}
        source = bundle(WIDGET / "src" / "main.js")
        for path in sorted((WIDGET / "messages").glob("*.json")):
            script = with_words(source, json.loads(path.read_text()))
            plain[f"booth.{path.stem}.js"] = Asset.of(script, "text/javascript", debug)
        hashed = {name: _with_hash(name, asset.etag) for name, asset in plain.items()}
        loader = Asset.of(LOADER.read_text(), "text/javascript", debug)
        return cls({hashed[name]: asset for name, asset in plain.items()}, hashed, loader)

    def url(self, name: str) -> str:
        """Return the address of `booth.css`, `page.css` or `booth.<language>.js`."""
        return f"/assets/{self.hashed[name]}"

    def find(self, filename: str) -> Asset | None:
        """Return the asset whose name with hash is `filename`."""
        return self.files.get(filename)


def bundle(entry: Path) -> str:
    """Return `entry` and the modules it imports as one classic script.

    Modules would need CORS in a frame without an origin. Names are unique across the modules, so
    joining them in order of dependency is all that bundling takes.
    """
    modules = "\n".join(_without_modules(path.read_text()) for path in _in_order(entry, set()))
    return f'(() => {{\n"use strict";\n{modules}}})();\n'


def with_words(script: str, messages: dict[str, object]) -> str:
    """Put the messages that the script says into it."""
    said = {key: messages[key] for key in sorted(set(SAID.findall(script)))}
    return script.replace(WORDS, f"const WORDS = {json.dumps(said, ensure_ascii=False)};")


def _in_order(path: Path, seen: set[Path]) -> Iterator[Path]:
    if path in seen:
        return
    seen.add(path)
    for name in IMPORT.findall(path.read_text()):
        yield from _in_order(path.with_name(f"{name}.js"), seen)
    yield path


def _without_modules(source: str) -> str:
    return re.sub(r"^export ", "", IMPORT.sub("", source), flags=re.MULTILINE)


def _with_hash(name: str, digest: str) -> str:
    stem, _, extension = name.rpartition(".")
    return f"{stem}.{digest}.{extension}"
