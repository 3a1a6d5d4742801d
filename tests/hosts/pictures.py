"""Look at the booth in the other engines: `python -m tests.hosts.pictures FOLDER`.

A picture of each engine, column width, and screen: what no test can judge.
"""

import sys
import tempfile
from pathlib import Path

from tests.browser.service import LONG, Service, running
from tests.browser.tls import Tls
from tests.hosts.engines import ENGINES, Engine
from tests.hosts.reading import Reader

WIDTHS = (390, 640)  # CSS pixels of the article's column
OTHERS = (50, 30, 19)  # readers who voted before
PAINTED = "const [done] = arguments; setTimeout(() => requestAnimationFrame(done), 500);"


def take(engine: Engine, live: Service, width: int, folder: Path) -> None:
    slug = live.open((LONG,))
    live.fill(slug, OTHERS)
    frame = f"<iframe src='{live.url}/e/{slug}?source=rmc' width={width} height=600></iframe>"
    with engine.start(True) as browser:
        browser.set_window_size(700, 900)
        booth = Reader(engine, browser).open(live.page(f"/page?put={frame}"))
        keep(booth, folder / f"{engine.name}-{width}-card.png")
        booth.vote("agree")
        booth.counted()
        booth.nuance("likeIt")
        keep(booth, folder / f"{engine.name}-{width}-result.png")


def keep(booth: Reader, path: Path) -> None:
    """Photograph the article: WebKit cuts pictures of a frame alone, and paints a little later."""
    booth.browser.switch_to.default_content()
    booth.browser.execute_async_script(PAINTED)
    booth.browser.save_screenshot(str(path))
    booth.enter()


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as tls, running(Tls.made_in(Path(tls))) as live:
        for engine in ENGINES:
            for width in WIDTHS:
                take(engine, live, width, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
