"""Textual's driver for a dashboard in a browser, a process that `mdxdash web` runs a tab.

Input comes in packets on stdin (see `browser_messages`), output goes to stdout as a terminal gets
it. As in a terminal, no input ends the program and no output stops it. The end of stdin, which also
comes when the server is killed, ends the dashboard.
"""

import io
import logging
import os
import sys
from functools import partial
from typing import IO, Any, Final

import msgspec
from textual.drivers._byte_stream import ByteStream
from textual.drivers.web_driver import WebDriver
from textual.events import AppFocus

from mdxdash.tui.terminal_driver import ForgivingOutput, InputDecoder, InputTurns

_logger = logging.getLogger(__name__)

NAME: Final = "mdxdash.web.driver:BrowserDriver"
"""The value of TEXTUAL_DRIVER that chooses it."""

_LAST_SECONDS: Final = 5.0
"""Seconds that a dashboard has to end after its tab is gone; then the process ends at once."""


class BrowserDriver(InputTurns, ForgivingOutput, WebDriver):
    """Runs a dashboard in a tab of a browser. Nothing but the picture goes to the browser: no
    addresses to open, no files."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # Textual's driver begins with a line for a server that waits for one.
        self._write = partial(_drop)

    def output(self) -> IO[str] | None:
        """Returns stdout, which in Windows is no UTF-8 by itself."""
        if isinstance(sys.__stdout__, io.TextIOWrapper):
            sys.__stdout__.reconfigure(encoding="utf-8", errors="replace", newline="")
        return sys.__stdout__

    def start_application_mode(self) -> None:
        """Begins, with the focus: Textual's driver begins without, until the browser has it."""
        super().start_application_mode()
        self._app.call_later(self._app.post_message, AppFocus())

    def write_meta(self, data: dict[str, object]) -> None:
        """Drops what is not the picture."""

    def write_binary_encoded(self, data: tuple[str | bytes, ...]) -> None:
        """Drops what is not the picture."""

    def run_input_thread(self) -> None:
        """Reads packets until the app ends or the tab is gone."""
        decoder = InputDecoder(self._debug)
        stream = ByteStream()
        for data in self._input_reader:
            if data:
                for kind, content in stream.feed(data):
                    if kind == "D":
                        self.process_in_turns(decoder.feed(content))
                    else:
                        self.on_meta(*_about(content))
            self.process_in_turns(decoder.tick())
        if not self.exit_event.is_set():
            self.lose_terminal()
            if not self.exit_event.wait(_LAST_SECONDS):
                _logger.error("the dashboard did not end with its tab")
                os._exit(1)


def _drop(data: bytes) -> int:
    return len(data)


def _about(content: bytes) -> tuple[str, dict[str, object]]:
    found: dict[str, object] = msgspec.json.decode(content, type=dict[str, object])
    return str(found.get("type")), found
