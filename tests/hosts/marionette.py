"""Selenium's commands in Firefox's own protocol, Marionette.

Elsewhere geckodriver translates; it is in no package registry. See docs/decisions/0030.
"""

import json
import socket
from typing import Any

from selenium.webdriver.remote.command import Command

SECONDS = 60.0  # until a browser that does not answer is given up
# What the tests use. The parameters are the same on both sides, but for those in `_translated`.
NAMES = {
    Command.GET: "WebDriver:Navigate",
    Command.REFRESH: "WebDriver:Refresh",
    Command.FIND_ELEMENT: "WebDriver:FindElement",
    Command.FIND_ELEMENTS: "WebDriver:FindElements",
    Command.CLICK_ELEMENT: "WebDriver:ElementClick",
    Command.GET_ELEMENT_TEXT: "WebDriver:GetElementText",
    Command.GET_ELEMENT_ATTRIBUTE: "WebDriver:GetElementAttribute",
    Command.W3C_EXECUTE_SCRIPT: "WebDriver:ExecuteScript",
    Command.W3C_EXECUTE_SCRIPT_ASYNC: "WebDriver:ExecuteAsyncScript",
    Command.SWITCH_TO_FRAME: "WebDriver:SwitchToFrame",
    Command.SET_WINDOW_RECT: "WebDriver:SetWindowRect",
    Command.SCREENSHOT: "WebDriver:TakeScreenshot",
    Command.NEW_SESSION: "WebDriver:NewSession",
    Command.QUIT: "WebDriver:DeleteSession",
}


class Marionette:
    """Stands where Selenium expects the connection to a driver."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), SECONDS)
        self._stream = self._socket.makefile("rb")
        self._number = 0
        self._read()  # its greeting

    def execute(self, command: str, params: dict[str, Any]) -> dict[str, Any]:
        self._number += 1
        name = NAMES[command]
        sent = json.dumps([0, self._number, name, _translated(command, params)]).encode()
        self._socket.sendall(b"%d:%s" % (len(sent), sent))
        _, number, error, value = self._read()
        assert number == self._number
        if error:
            return {"status": error["error"], "value": error}
        return {"value": value["value"] if isinstance(value, dict) and "value" in value else value}

    def close(self) -> None:
        self._stream.close()
        self._socket.close()

    def _read(self) -> Any:
        """Read one message: its length, a colon, JSON."""
        length = b""
        while (digit := self._stream.read(1)) != b":":
            assert digit, "Firefox hung up."
            length += digit
        return json.loads(self._stream.read(int(length)))


def _translated(command: str, params: dict[str, Any]) -> dict[str, Any]:
    if command == Command.NEW_SESSION:
        return params["capabilities"]["alwaysMatch"]  # type: ignore[no-any-return]
    if command == Command.SWITCH_TO_FRAME and isinstance(params["id"], dict):
        return {"element": next(iter(params["id"].values()))}
    if command == Command.SCREENSHOT:
        return {"full": False}
    return {name: value for name, value in params.items() if name != "sessionId"}
