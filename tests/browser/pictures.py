"""Retake the pictures of the documentation: `python -m tests.browser.pictures [folder]`.

Real votes, the real service, a real browser. Two pictures show the booth before and after the
vote, side by side, as a phone's column shows it; those in `states/` show one state of the style
guide each, in French and light beside English and dark.
"""

import base64
import os
import random
import sys
import tempfile
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, Frame

from server.consultations.ballots import QUALIFICATIONS, Ballot, Trust, Vote
from server.consultations.consultation import Consultation, Proposal
from server.consultations.files import parse
from server.demo.app import QUESTION
from server.store.ballots import Wish
from server.web.styleguide_states import STATES
from tests.browser import chromium
from tests.browser.reading import Booth
from tests.browser.service import Service, running

FOLDER = Path("docs/pictures")
VOTERS = 412
EACH = 6  # proposals
WIDTH = 390  # CSS pixels of one booth
GAP = 24
SCALE = 1.5
PAPER = 620  # CSS pixels of height for states in a sandbox, which cannot be measured
QUALITY = 70  # of WebP: some 20 kB a picture
SIDE_BY_SIDE = """async ([addresses, width, height, gap]) => {
  const both = document.createElement("div");
  both.style.cssText = `display:flex;gap:${gap}px;padding:${gap}px;width:max-content;background:#8e8c87`;
  const frames = addresses.map((src) => Object.assign(document.createElement("iframe"), { src, width }));
  both.append(...frames);
  document.body.replaceChildren(both);
  await Promise.all(frames.map((it) => new Promise((loaded) => (it.onload = loaded))));
  const tall = frames.map((it) => it.contentDocument?.documentElement.scrollHeight ?? height);
  for (const it of frames) it.height = Math.max(...tall);
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  const { x, y, width: w, height: h } = both.getBoundingClientRect();
  return { x: x + scrollX, y: y + scrollY, width: w, height: h, scale: 1 };
}"""
THEMES = ("light", "dark")
# The metric twin of the most usual sans serif, where it is installed.
FONTS = """<fontconfig><include>/etc/fonts/fonts.conf</include>
<match><test name="family" compare="contains"><string>sans</string></test>
<edit name="family" mode="prepend" binding="strong"><string>Liberation Sans</string></edit></match>
<match><test name="family"><string>system-ui</string></test>
<edit name="family" mode="prepend" binding="strong"><string>Liberation Sans</string></edit></match>
</fontconfig>"""


def take(browser: Browser, live: Service, theme: str, path: Path) -> None:
    """Photograph a booth before the vote beside one after it."""
    side = f'<isoloir-vote consultation="{vote_everywhere(live)}" source="rmc" theme="{theme}">'
    column = f'<div style="width:{WIDTH}px">{side}</isoloir-vote></div>'
    markup = (
        f'<div id="both" style="display:flex;gap:{GAP}px;padding:{GAP}px;width:max-content">'
        f"{column}{column}</div><script async src='{live.url}/embed/v1.js'></script>"
    )
    page = browser.new_page(
        device_scale_factor=SCALE, viewport={"width": 900, "height": 900}, color_scheme=theme
    )
    page.goto(live.page(f"/page?put={quote(markup)}"))
    page.add_style_tag(content=f"body {{ background: {'#fff' if theme == 'light' else '#000'} }}")
    _, after = (
        booth(frame.element_handle().content_frame()) for frame in page.locator("iframe").all()
    )
    after.vote("agree")
    after.counted()
    after.find("input[value=likeIt]").check(force=True)
    page.locator("#both").screenshot(path=path, animations="disabled")
    page.close()


def take_states(browser: Browser, live: Service, folder: Path) -> None:
    """Photograph every state of the style guide, in two languages and themes."""
    folder.mkdir(exist_ok=True)
    page = browser.new_page(viewport={"width": 2 * WIDTH + 3 * GAP, "height": 900})
    page.goto(f"{live.url}/styleguide?width={WIDTH}")
    session = page.context.new_cdp_session(page)
    for state in STATES:
        guide = f"{live.url}/styleguide/{state.name}"
        both = [f"{guide}?lang=fr&theme=light", f"{guide}?lang=en&theme=dark"]
        clip = page.evaluate(SIDE_BY_SIDE, [both, WIDTH, PAPER, GAP])
        wanted = {"format": "webp", "quality": QUALITY, "clip": clip, "captureBeyondViewport": True}
        taken = session.send("Page.captureScreenshot", wanted)
        (folder / f"{state.name}.webp").write_bytes(base64.b64decode(taken["data"]))
    page.close()


def booth(frame: Frame | None) -> Booth:
    assert frame
    found = Booth(frame)
    found.find(".votes").wait_for()
    return found


def vote_everywhere(live: Service) -> str:
    """Open the demo's consultation with the votes of many readers, the same at every run."""
    file = files("server.demo") / "reinventer-le-travail.yaml"
    read = parse(file.read_bytes(), "demo")
    slug = live.open_with(list(read.proposals), question=QUESTION)
    found = live.store.consultations.by_slug(slug)
    chance = random.Random(7)
    for voter in range(VOTERS):
        for proposal in chance.sample(read.proposals, EACH):
            cast(live, found, proposal, f"reader-{voter}", chance)
    live.wait_for(found, VOTERS * EACH)
    return slug


def cast(
    live: Service, found: Consultation, proposal: Proposal, voter: str, chance: random.Random
) -> None:
    vote = chance.choices(list(Vote), (5, 3, 2))[0]
    ballot = Ballot.of(vote, [chance.choice(QUALIFICATIONS[vote])])
    live.store.ballots.cast(found, 0, voter, Wish(proposal.id, ballot, Trust.SEQUENCE, 2))


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as fonts:
        fonts.write(FONTS)
        fonts.flush()
        environ = {**os.environ, "FONTCONFIG_FILE": fonts.name}
        with running() as live, chromium.browser(env=environ) as browser:
            for theme in THEMES:
                take(browser, live, theme, folder / f"booth-{theme}.png")
            take_states(browser, live, folder / "states")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
