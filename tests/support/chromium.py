"""A real Chromium, driven by Playwright: the system's own, since none is downloaded."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pyte
import pytest
from playwright.sync_api import Browser, Page, WebSocket, sync_playwright

from tests.support.waiting import GUARD

CHROMIUM: Final = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
"""The program, or None."""

needs_chromium: Final = pytest.mark.skipif(
    CHROMIUM is None, reason="needs Chromium (on Debian `apt install chromium`)"
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without windows, that is closed when it is left."""
    with sync_playwright() as playwright:
        # As root, as in a container, Chromium's sandbox does not work.
        sandbox = not hasattr(os, "getuid") or os.getuid() != 0
        browser = playwright.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=sandbox)
        try:
            yield browser
        finally:
            browser.close()


class BrowserTab:
    """A page that shows a terminal. What it was sent is put on a screen by pyte, since xterm.js
    paints pixels."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        """The addresses of everything that the page has loaded."""
        self.errors: list[str] = []
        """Errors of scripts, and what the page's policy has refused."""
        self._screen = pyte.Screen(1, 1)
        self._stream = pyte.ByteStream(self._screen)
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("websocket", self._opened)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on(
            "console", lambda line: self.errors.append(line.text) if line.type == "error" else None
        )

    def open(self, url: str) -> None:
        """Opens a dashboard, and waits until the browser has shown something of it."""
        self.page.goto(url)
        self.page.wait_for_selector("body.-first-byte", timeout=GUARD * 1000)

    def press(self, text: str) -> None:
        """Types a text, with `\\r` for the key Enter."""
        for part in text.split("\r")[:-1]:
            self.page.keyboard.type(part)
            self.page.keyboard.press("Enter")
        self.page.keyboard.type(text.rpartition("\r")[2])

    def text(self) -> str:
        """What stands on the screen."""
        rows = (self._screen.buffer[y] for y in range(self._screen.lines))
        return "\n".join("".join(row[x].data for x in range(self._screen.columns)) for row in rows)

    def until(self, wanted: str) -> None:
        """Waits until a text stands on the screen."""
        deadline = time.monotonic() + GUARD
        while wanted not in self.text():
            assert time.monotonic() < deadline, f"{wanted} never came:\n{self.text()}"
            self.page.wait_for_timeout(20)

    def _opened(self, websocket: WebSocket) -> None:
        self.requests.append(websocket.url)
        size = dict(part.split("=") for part in websocket.url.partition("?")[2].split("&"))
        self._screen.resize(int(size["height"]), int(size["width"]))
        websocket.on("framereceived", self._painted)

    def _painted(self, data: str | bytes) -> None:
        if isinstance(data, bytes):
            self._stream.feed(data)
