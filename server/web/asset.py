"""An asset: one file as browsers receive it, as it is or packed as they accept it."""

import gzip
import hashlib
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

TYPES = {".css": "text/css", ".js": "text/javascript"}
ENDINGS = ("", ".gz", ".br")  # as nginx looks for them


@dataclass(frozen=True)
class Asset:
    """`gzip` and `brotli` are the same body compressed."""

    body: bytes
    gzip: bytes
    brotli: bytes
    mimetype: str

    @classmethod
    def of(cls, name: str, body: bytes) -> "Asset":
        # Imported where it is used: a wheel brings its files compressed.
        import brotli

        small = brotli.compress(body, mode=brotli.MODE_TEXT)
        packed = gzip.compress(body, 9, mtime=0)
        return cls(body, packed, small, TYPES[Path(name).suffix])

    @property
    def etag(self) -> str:
        """Sixteen hexadecimal digits that change with the body, without quotes."""
        return hashlib.sha256(self.body).hexdigest()[:16]

    @property
    def integrity(self) -> str:
        """What a page puts beside the address, so that browsers take these bytes or none."""
        return f"sha384-{b64encode(hashlib.sha384(self.body).digest()).decode()}"

    def packed(self, encoding: str | None) -> bytes:
        """Return the body in a content encoding: "br", "gzip", or none."""
        return {"br": self.brotli, "gzip": self.gzip}.get(encoding or "", self.body)

    def write(self, path: Path) -> None:
        """Write the file, and beside it what a web server may send in its place."""
        for end, body in zip(ENDINGS, (self.body, self.gzip, self.brotli), strict=True):
            path.with_name(path.name + end).write_bytes(body)

    @classmethod
    def read(cls, path: Path) -> "Asset":
        """Return what `write` wrote."""
        plain, packed, small = (path.with_name(path.name + end).read_bytes() for end in ENDINGS)
        return cls(plain, packed, small, TYPES[path.suffix])


def minified(name: str, text: str) -> bytes:
    # Imported where it is used, like brotli: it brings Go's threads and 10 MB into a process.
    import minify

    return str(minify.string(TYPES[Path(name).suffix], text)).encode()
