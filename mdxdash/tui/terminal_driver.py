"""The terminal as the dashboard uses it: no input ends the program, no output stops it.

Textual's own driver decodes strictly (one wrong byte ends the app), reads a closed terminal again
and again, and blocks the event loop when 30 writes wait for a terminal that takes none. Checked
against textual 8.2 (`drivers/linux_driver.py`, `_writer_thread.py`, `windows_driver.py`).
"""

import codecs
import logging
import os
import selectors
import sys
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from textual._xterm_parser import XTermParser
from textual.driver import Driver
from textual.message import Message

if TYPE_CHECKING or sys.platform != "win32":
    from textual.drivers.linux_driver import LinuxDriver

_logger = logging.getLogger(__name__)

WAITING_CHARACTERS: Final = 2**20
"""Characters that may wait for a terminal that takes none. More are dropped, and the whole
screen is painted again when the terminal takes output again."""

LAST_WORDS_TIMEOUT: Final = 1.0
"""Seconds that the end of the program waits for the terminal to take what restores it."""

WIDEST: Final = 1000
HIGHEST: Final = 500
"""Columns and rows that are drawn at most: a terminal can say that it has 65,535 of both."""

_READ_BYTES: Final = 4096
_LOOK_INTERVAL: Final = 0.1
"""Seconds between two looks whether the input is to end; Textual's own."""

_TURN_MESSAGES: Final = 8
"""Keys and mouse events that are handed over at a time: some milliseconds of work."""


class TerminalLost(Message):
    """The terminal is gone: nothing can be read from it or written to it any more."""


class ScreenWriter:
    """Writes to the terminal from a thread of its own. `write` never waits and never raises.

    * `on_lost`: called once, from that thread, when the terminal is gone.
    * `on_drained`: called, from that thread, when output was dropped and all that waited since was
      written.
    """

    def __init__(
        self,
        file: IO[str],
        on_lost: Callable[[], None],
        on_drained: Callable[[], None],
        waiting_characters: int = WAITING_CHARACTERS,
    ) -> None:
        self._file = file
        self._on_lost = on_lost
        self._on_drained = on_drained
        self._limit = waiting_characters
        self._texts: deque[str] = deque()
        self._characters = 0
        self._dropped = False
        self._stopping = False
        self._lost = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="screen-output", daemon=True)
        self._thread.start()

    def write(self, text: str) -> None:
        """Queues `text`, a whole number of escape sequences, to be written in order."""
        with self._changed:
            if self._lost:
                return
            if self._characters + len(text) > self._limit:
                # Half a picture helps nobody: all that waits is dropped, a new picture follows.
                self._texts.clear()
                self._characters = 0
                self._dropped = True
            self._texts.append(text)
            self._characters += len(text)
            self._changed.notify()

    def stop(self, timeout: float = LAST_WORDS_TIMEOUT) -> None:
        """Writes what waits and ends; gives up after `timeout` seconds."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self._thread.join(timeout)

    def _run(self) -> None:
        try:
            while (text := self._next()) is not None:
                self._file.write(text)
                self._file.flush()
                self._report_drained()
        except (OSError, ValueError) as error:  # ValueError: the file was closed
            _logger.warning("the terminal takes no output any more: %s", error)
            with self._changed:
                self._lost = True
                self._texts.clear()
            self._on_lost()

    def _next(self) -> str | None:
        """All that waits; None at the end."""
        with self._changed:
            while not self._texts:
                if self._stopping:
                    return None
                self._changed.wait()
            text = "".join(self._texts)
            self._texts.clear()
            self._characters = 0
            return text

    def _report_drained(self) -> None:
        with self._changed:
            drained = self._dropped and not self._texts
            if drained:
                self._dropped = False
        if drained:
            self._on_drained()


class InputDecoder:
    """Bytes from a terminal to Textual's messages. Nothing that is fed in raises.

    Bytes that are not UTF-8 are dropped. So is input that the parser cannot understand, and the
    parser begins anew.
    """

    def __init__(self, debug: bool = False) -> None:
        self._debug = debug
        self._decode = codecs.getincrementaldecoder("utf-8")("ignore").decode
        self._parser = XTermParser(debug)

    def feed(self, data: bytes) -> list[Message]:
        """The messages that are complete with `data`."""
        text = self._decode(data)
        # An empty text would mean the end of input to the parser.
        return self._collect(lambda: self._parser.feed(text)) if text else []

    def tick(self) -> list[Message]:
        """The messages that are complete because nothing followed for a while (a lone escape)."""
        return self._collect(self._parser.tick)

    def _collect(self, step: Callable[[], Any]) -> list[Message]:
        messages: list[Message] = []
        try:
            messages.extend(step())
        except Exception:
            _logger.warning("input from the terminal was not understood", exc_info=True)
            self._parser = XTermParser(self._debug)
        return messages


class ForgivingOutput(Driver):
    """Output by a `ScreenWriter`. Textual's writer thread stands idle beside it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._suspended = False
        self._screen_writer = self._new_writer()

    def _new_writer(self) -> ScreenWriter:
        return ScreenWriter(
            self.output() or Path(os.devnull).open("w", encoding="utf-8"),
            self.lose_terminal,
            self._paint_again,
        )

    def output(self) -> IO[str] | None:
        """Returns what is written to: stderr, as Textual's drivers do."""
        return sys.__stderr__

    def write(self, data: str) -> None:
        """Queues output; never waits for the terminal. While others have it, output is dropped."""
        if not self._suspended:
            self._screen_writer.write(data)

    def suspend_application_mode(self) -> None:
        """Leaves the terminal to others, as it was before; what waits for it is written first."""
        super().suspend_application_mode()
        self._suspended = True

    def resume_application_mode(self) -> None:
        """Takes the terminal again. The whole screen must be painted then (`App.suspend` does)."""
        self._screen_writer = self._new_writer()
        self._suspended = False
        super().resume_application_mode()

    def close(self) -> None:
        """Ends the output thread."""
        super().close()
        self._screen_writer.stop()

    def lose_terminal(self) -> None:
        """Reports that the terminal is gone. May be called from any thread."""
        self.send_message(TerminalLost())

    def _paint_again(self) -> None:
        self._app.call_later(self._app.refresh, repaint=True, layout=True)


class InputTurns(Driver):
    """Hands input to the app in turns, so that a flood of it stops nobody. `exit_event` ends it."""

    exit_event: threading.Event

    def process_in_turns(self, messages: list[Message]) -> None:
        """Hands messages over. Called by the thread that reads input; waits for the event loop."""
        for start in range(0, len(messages), _TURN_MESSAGES):
            for message in messages[start : start + _TURN_MESSAGES]:
                self.process_message(message)
            self._let_others_work()

    def _let_others_work(self) -> None:
        """Waits until the event loop has come round.

        Textual's queues do not yield while they hold messages.
        """
        turn = threading.Event()
        with suppress(RuntimeError):  # the loop is closed: the app ends
            self._loop.call_soon_threadsafe(turn.set)
            while not turn.wait(_LOOK_INTERVAL) and not self.exit_event.is_set():
                pass


if sys.platform == "win32":
    from textual.drivers.windows_driver import WindowsDriver

    class TerminalDriver(ForgivingOutput, WindowsDriver):
        """Windows' console. Its input comes as characters, so there is nothing to decode."""

else:

    class TerminalDriver(InputTurns, ForgivingOutput, LinuxDriver):
        """A terminal on Linux or macOS."""

        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            if self._size is None:
                # Otherwise Textual asks Rich, whose answer for a terminal without a size (as
                # `script`, containers and serial lines can have) is another one than the driver's:
                # the screen is laid out for both in turn, without end.
                self._size = self._get_terminal_size()

        def _get_terminal_size(self) -> tuple[int, int]:
            width, height = super()._get_terminal_size()
            return min(width, WIDEST), min(height, HIGHEST)

        def run_input_thread(self) -> None:
            """Reads input until the app ends or the terminal is gone."""
            decoder = InputDecoder(self._debug)
            with selectors.SelectSelector() as selector:
                selector.register(self.fileno, selectors.EVENT_READ)
                while not self.exit_event.is_set():
                    if selector.select(_LOOK_INTERVAL):
                        try:
                            data = os.read(self.fileno, _READ_BYTES)
                        except OSError as error:  # EIO: the other side of the terminal is closed
                            _logger.warning("the terminal cannot be read any more: %s", error)
                            data = b""
                        if not data:
                            self.lose_terminal()
                            return
                        self.process_in_turns(decoder.feed(data))
                    self.process_in_turns(decoder.tick())
