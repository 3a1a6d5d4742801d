"""Firefox as readers have it: total cookie protection is its default, and stays."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager

from selenium.webdriver.common.options import ArgOptions
from selenium.webdriver.remote.webdriver import WebDriver

from tests.hosts.marionette import Marionette
from tests.hosts.programs import find, home, process, wait_for

PLACES = ("firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox")

PREFERENCES = {
    "marionette.port": 0,  # it draws one, and writes it down
    "browser.startup.page": 0,  # no news, no sponsors: an empty page
}


def executable() -> str:
    return find(*PLACES, package="firefox-esr")


@contextmanager
def start(scripts: bool = True) -> Iterator[WebDriver]:
    with home() as folder:
        preferences = {**PREFERENCES, "javascript.enabled": scripts}
        (folder / "user.js").write_text("".join(map(_line, preferences.items())))
        command = [executable(), "--headless", "--marionette", "--no-remote"]
        with process("firefox", [*command, "--profile", str(folder)], folder) as child:
            port = folder / "MarionetteActivePort"
            number = wait_for(child, lambda: port.read_text() if port.exists() else "")
            with closing(Marionette(int(number))) as marionette:
                yield WebDriver(marionette, options=Options())  # type: ignore[arg-type]


class Options(ArgOptions):
    @property
    def default_capabilities(self) -> dict[str, object]:
        return {"browserName": "firefox", "acceptInsecureCerts": True}


def _line(preference: tuple[str, object]) -> str:
    name, value = preference
    return f'user_pref("{name}", {json.dumps(value)});\n'
