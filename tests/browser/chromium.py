"""Chromium as readers have it: third-party cookies dropped, storage partitioned, bfcache on."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, BrowserType, sync_playwright

KNOWN = (
    "/usr/bin/chromium",
    shutil.which("chromium"),
    shutil.which("google-chrome"),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The last one wins: the driver's own list turns storage partitioning off, and results false.
    "--disable-features=Translate",
]
# Another default of the driver that no reader has.
UNWANTED = ["--disable-back-forward-cache"]


def executable() -> str | None:
    """Return the browser of this machine; none means the driver's own download."""
    asked = os.environ.get("ISOLOIR_CHROMIUM")
    return asked or next((path for path in KNOWN if path and os.access(path, os.X_OK)), None)


def _options() -> dict[str, Any]:
    return {
        "executable_path": executable(),
        "args": ARGUMENTS,
        "ignore_default_args": UNWANTED,
    }


@contextmanager
def browser(**options: Any) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(**_options(), **options)
        yield started
        started.close()


def without_cookies(chromium: BrowserType, profile: Path, scripts: bool = False) -> BrowserContext:
    """Return a browser whose owner refuses every cookie, storage with them, and scripts."""
    preferences = profile / "Default" / "Preferences"
    preferences.parent.mkdir(parents=True)
    preferences.write_text('{"profile": {"default_content_setting_values": {"cookies": 2}}}')
    return chromium.launch_persistent_context(profile, java_script_enabled=scripts, **_options())
