"""A reader in front of an article: what they press, and what they are shown."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Frame, Locator, Page, Request, expect

VOTES = ("agree", "disagree", "neutral")


class Booth:
    """The booth in a page's frame, or the page itself where it is on its own."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.root = frame.locator(".booth")

    def find(self, selector: str) -> Locator:
        return self.frame.locator(selector)

    def vote(self, choice: str) -> None:
        self.find(f".vote.{choice}").click()

    def change(self, choice: str) -> None:
        self.find(f".row.{choice}").click()

    def next(self) -> None:
        self.find(".result .next").click()

    def menu(self) -> None:
        self.find("a.menu").click()
        self.find(".sheet").wait_for()

    def screen(self, name: str) -> None:
        """Wait until this screen is shown."""
        expect(self.root).to_have_attribute("data-screen", name)

    def counted(self) -> None:
        """Wait until the service has answered the vote: its numbers are there, or words for them."""
        expect(self.find(".row.agree .share")).to_have_text(re.compile(r"\S"))

    def proposal(self) -> str:
        return self.find(".card .proposal").inner_text()

    def shares(self) -> list[str]:
        return self.find(".row .share").all_inner_texts()

    def height(self) -> int:
        box = self.frame.frame_element().bounding_box()
        assert box
        return round(box["height"])


@dataclass
class Reader:
    """One browser with an article open. Whatever its console complained about is kept."""

    context: BrowserContext
    complaints: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    def open(self, url: str) -> Page:
        page = self.context.new_page()
        page.on("console", lambda said: said.type == "error" and self._complain(said.text))
        page.on("pageerror", lambda error: self._complain(str(error)))
        page.on("request", lambda request: self.requests.append(request))
        page.goto(url)
        return page

    def booth(self, url: str) -> Booth:
        """Open an article; return its booth once it can be used."""
        return booth_in(self.open(url))

    def sent(self, method: str, path: str = "") -> list[Request]:
        return [r for r in self.requests if r.method == method and path in r.url]

    def expect_complaint(self, part: str) -> None:
        """A browser logs every failed request: forgive those that the test provoked."""
        assert any(part in text for text in self.complaints), self.complaints
        self.complaints = [text for text in self.complaints if part not in text]

    def _complain(self, text: str) -> None:
        self.complaints.append(text)


def booth_in(page: Page) -> Booth:
    """Return the booth of a page. Its frame may lie in a shadow tree."""
    frame = page.locator("iframe").first.element_handle().content_frame()
    assert frame
    booth = Booth(frame)
    booth.root.wait_for()
    return booth
