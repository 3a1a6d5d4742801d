"""The engines whose readers must be able to vote, besides Chromium's."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from selenium.webdriver.remote.webdriver import WebDriver

from tests.hosts import firefox, webkit


@dataclass(frozen=True)
class Engine:
    """`start` takes whether scripts run; each browser it gives is a new reader's.

    `cookies` is whether the booth's cookie is kept in a frame on another site: if not, a reader
    is recognised by the credential in the frame's own storage.
    """

    name: str
    start: Callable[[bool], AbstractContextManager[WebDriver]]
    cookies: bool


ENGINES = (
    Engine("Firefox", firefox.start, cookies=True),
    Engine("WebKit", webkit.start, cookies=False),
)
