"""A reader in front of an article, in any browser: what they press, and what they are shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.service import until
from tests.hosts.engines import Engine

# The loader's frame lies in a shadow tree, and is hidden until the booth can be used.
FRAME = """const host = document.querySelector("isoloir-vote");
  const frame = (host?.shadowRoot ?? document).querySelector("iframe");
  return frame && getComputedStyle(frame).visibility === "visible" ? frame : null;"""
KEPT = "return Object.keys(localStorage)"
NATURAL = """document.documentElement.dataset.measuring = "";
  const { height } = document.querySelector(".booth").getBoundingClientRect();
  delete document.documentElement.dataset.measuring;
  return height;"""
BY_COOKIE = """const [path, done] = arguments;
  fetch(location.origin + path).then((answer) => answer.json())
    .then((deck) => done(deck.progress?.voted ?? 0), (error) => done(String(error)));"""
T = TypeVar("T")


@dataclass
class Reader:
    """One browser. After `open` and `reload` it is inside the booth."""

    engine: Engine
    browser: WebDriver
    scripts: bool = True

    def open(self, address: str) -> "Reader":
        self.browser.get(address)
        return self.enter()

    def reload(self) -> "Reader":
        self.browser.switch_to.default_content()
        self.browser.refresh()
        return self.enter()

    def enter(self) -> "Reader":
        """Go from the article into the booth, once it can be used.

        Before its script runs a vote is sent as a form: that is another way, with its own test.
        """
        until(lambda: self.browser.execute_script(FRAME))
        self.browser.switch_to.frame(self.browser.execute_script(FRAME))
        ready = "[data-script] .booth:not([inert])" if self.scripts else ".booth footer"
        until(lambda: self.there(ready))
        return self

    def vote(self, choice: str) -> None:
        self.press(f".card .vote.{choice}:enabled")
        self.screen("result")

    def change(self, choice: str) -> None:
        self.press(f".row.{choice}")

    def nuance(self, name: str) -> None:
        self.press(f"input[value={name}]")

    def next(self) -> None:
        self.press(".result .next:not([disabled])")

    def withdraw(self) -> None:
        self.press("[value=withdraw]")
        self.screen("card")

    def screen(self, name: str) -> None:
        """Wait until this screen is shown."""
        until(lambda: self.attribute(".booth", "data-screen") == name)

    def counted(self) -> None:
        """Wait until the service has answered the vote: its numbers are there."""
        until(lambda: any(sign.isdigit() for sign in self.text(".row.agree .share")))

    def sees(self, selector: str, part: str) -> None:
        until(lambda: part in self.text(selector))

    def text(self, selector: str) -> str:
        return self._look(selector, lambda found: found.text) or ""

    def attribute(self, selector: str, name: str) -> str | None:
        return self._look(selector, lambda found: found.get_dom_attribute(name))

    def there(self, selector: str) -> bool:
        return bool(self.browser.find_elements(By.CSS_SELECTOR, selector))

    def press(self, selector: str) -> None:
        until(lambda: self.there(selector))
        self.browser.find_element(By.CSS_SELECTOR, selector).click()

    def kept(self) -> list[str]:
        """Return what the frame keeps on this site."""
        names: list[str] = self.browser.execute_script(KEPT)
        return names

    def natural_height(self) -> float:
        """Return what the booth's contents need, whatever the frame gives them."""
        height: float = self.browser.execute_script(NATURAL)
        return height

    def known_by_cookie(self, slug: str) -> bool:
        """Whether the service knows this reader's vote by the cookie of this frame alone."""
        path = f"/api/v1/consultations/{slug}/deck?source=rmc"
        return bool(self.browser.execute_async_script(BY_COOKIE, path) == 1)

    def _look(self, selector: str, at: Callable[[WebElement], T]) -> T | None:
        """Look at an element; see nothing while the page is being replaced by another."""
        try:
            return at(self.browser.find_element(By.CSS_SELECTOR, selector))
        except (NoSuchElementException, StaleElementReferenceException):
            return None
