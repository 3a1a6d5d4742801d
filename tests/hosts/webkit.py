"""WebKit, Safari's engine, in the small browser that WebKitGTK brings for its tests."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import urllib3
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.webkitgtk.options import Options

from tests.browser.service import free_port
from tests.hosts.programs import find, home, process, wait_for

NUMBER = re.compile(r"^(\d+)\n", re.MULTILINE)


def driver() -> str:
    return find("WebKitWebDriver", package="webkit2gtk-driver")


def screen() -> str:
    """Return the program that is a screen without a monitor: this browser wants one."""
    return find("Xvfb", package="xvfb")


@contextmanager
def start(scripts: bool = True) -> Iterator[WebDriver]:
    with home() as folder, display(folder) as number:
        port = free_port()
        with process("webkit", [driver(), f"--port={port}"], folder, DISPLAY=number) as child:
            wait_for(child, lambda: _answers(port))
            connection = RemoteConnection(client_config=ClientConfig(f"http://127.0.0.1:{port}"))
            browser = WebDriver(connection, options=_options(scripts))
            try:
                yield browser
            finally:
                browser.quit()


def _options(scripts: bool) -> Options:
    options = Options()
    options.set_capability("acceptInsecureCerts", True)
    options.add_argument("--automation")
    options.add_argument(f"--enable-javascript={str(scripts).lower()}")
    return options


def _answers(port: int) -> bool:
    with urllib3.PoolManager() as http:
        try:
            http.request("GET", f"http://127.0.0.1:{port}/status", retries=False)
        except urllib3.exceptions.HTTPError:
            return False
    return True


@contextmanager
def display(folder: Path) -> Iterator[str]:
    """Run a screen; yield its name. It draws its number itself, and says it."""
    command = [screen(), "-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
    with process("screen", command, folder) as child:
        yield ":" + wait_for(child, lambda: NUMBER.search(child.log.read_text()))[1]
