"""Raster: a chart as PNG, for slides and for whoever cannot show SVG.

With fonts of our own, so that the same chart has the same letters on every machine. The renderer
holds the interpreter all the time it works, so it works in a process of its own: here votes wait.
"""

import os
import subprocess
import sys
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

FONTS = Path(str(files("server.web") / "fonts"))
FAMILY = "DejaVu Sans"  # Latin, Greek, Cyrillic and Arabic; cut down to what those need
WIDTH = 1600  # pixels; sharp on a slide and in print at 13 cm
KEPT = 32  # pictures of 20 to 150 kB
PATIENCE = 20  # seconds
NICE = 10


@lru_cache(KEPT)
def png(svg: str) -> bytes:
    """Return the PNG of a drawing, as light as paper; takes some 0.3 s the first time."""
    command = [sys.executable, "-P", "-m", "server.web.raster"]
    made = subprocess.run(  # noqa: S603 - nothing but our own words
        command, input=svg.encode(), capture_output=True, timeout=PATIENCE, check=True
    )
    return made.stdout


def main() -> None:
    """Turn what is read into what is written."""
    import resvg_py

    os.nice(NICE)
    drawn = resvg_py.svg_to_bytes(
        svg_string=sys.stdin.buffer.read().decode(),
        width=WIDTH,
        skip_system_fonts=True,
        font_dirs=[str(FONTS)],
        font_family=FAMILY,
        sans_serif_family=FAMILY,
    )
    sys.stdout.buffer.write(drawn)


if __name__ == "__main__":
    main()
