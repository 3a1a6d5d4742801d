"""What a person would notice on a page: cut text, small targets, focus that cannot be seen."""

import base64
from pathlib import Path

from playwright.sync_api import Frame, Page

LAYOUT = Path(__file__).with_name("layout.js").read_text()
# What WCAG 1.4.12 lets every reader ask for. A sheet of the document's own passes its policy.
SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets.push(sheet);
}"""
SHOWN = """() => [...document.querySelectorAll("body *")]
  .filter((it) => !it.closest("script, style, svg") && it.checkVisibility({ visibilityProperty: true }))
  .flatMap((it) => [...it.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim()))
  .filter(Boolean)"""


def faults(page: Page | Frame) -> list[str]:
    """Return one line for each fault of the page as it is shown now."""
    found: list[str] = page.evaluate(LAYOUT)
    return found


def space_out(page: Page | Frame) -> None:
    """Set the distances between letters, words and lines that readers may ask for."""
    page.evaluate(SPACING)


def texts(page: Page | Frame) -> list[str]:
    """Return every text that is shown now."""
    found: list[str] = page.evaluate(SHOWN)
    return found


def nameless(page: Page) -> list[str]:
    """Return the role of each control that assistive technology would know no name of."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [
        node["role"]["value"]
        for node in nodes
        if not node["ignored"]
        and any(p["name"] == "focusable" and p["value"]["value"] for p in node["properties"])
        and node["role"]["value"] not in {"RootWebArea", "paragraph"}  # read, not pressed
        and not node.get("name", {}).get("value")
    ]


def picture(page: Page, path: Path) -> None:
    """Photograph what is shown, several times as fast as the driver's own way."""
    session = page.context.new_cdp_session(page)
    wanted = {"format": "jpeg", "quality": 90, "optimizeForSpeed": True}
    path.write_bytes(base64.b64decode(session.send("Page.captureScreenshot", wanted)["data"]))
    session.detach()
