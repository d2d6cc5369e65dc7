"""Reports texts of commands on stderr. It never raises, also when nobody can read them.

A hub reports while agents are connected, so a full disk, a closed pipe or a reader that has stopped
must not reach it: `in_background` lets a thread write. What cannot be written is in the log file.
"""

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Final

from mdxdash.events.printable import printable
from mdxdash.language.translation import localized

_logger = logging.getLogger(__name__)

WAITING: Final = 1_000
"""Texts that may wait for a reader of stderr; what comes on top is only logged."""

_LAST_TEXTS_TIMEOUT: Final = 1.0
"""Seconds that the end of a hub waits for a reader of stderr."""

_texts: SimpleQueue[str | None] | None = None
"""What a thread is to write; None while whoever reports writes."""

_held: list[str] | None = None
"""What waits for the end of a screen; None where there is none."""

_unread = False
"""Whether nobody reads stderr, so that the log file is enough."""


def report(text: str) -> None:
    """Reports a text in lines of its own. Text of agents in it is made printable."""
    lines = "\n".join(printable(localized(line)) for line in text.split("\n"))
    _logger.info("%s", lines)
    write_stderr(f"{lines}\n")


def write_stderr(text: str) -> None:
    """Writes a text as it is; it may hold escape sequences of our own, and none of others."""
    if _unread:
        return
    if _held is not None:
        if len(_held) < WAITING:
            _held.append(text)
    elif _texts is None:
        _write(text)
    elif _texts.qsize() < WAITING:
        _texts.put(text)


@contextmanager
def in_background() -> Iterator[None]:
    """Lets a thread write what is reported meanwhile, so that nobody waits for a reader."""
    global _texts  # noqa: PLW0603  there is one stderr
    texts = _texts = SimpleQueue()
    thread = threading.Thread(target=_write_all, args=(texts,), name="stderr", daemon=True)
    thread.start()
    try:
        yield
    finally:
        _texts = None
        texts.put(None)
        thread.join(_LAST_TEXTS_TIMEOUT)


@contextmanager
def held_back() -> Iterator[None]:
    """Writes what is reported meanwhile at the end: a screen is there, which it would destroy."""
    global _held  # noqa: PLW0603  there is one stderr
    held = _held = []
    try:
        yield
    finally:
        _held = None
        for text in held:
            write_stderr(text)


@contextmanager
def only_logged() -> Iterator[None]:
    """Writes nothing of what is reported meanwhile to stderr: it is in the log file."""
    global _unread  # noqa: PLW0603  there is one stderr
    _unread = True
    try:
        yield
    finally:
        _unread = False


def _write_all(texts: "SimpleQueue[str | None]") -> None:
    while (text := texts.get()) is not None:
        _write(text)


def _write(text: str) -> None:
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError) as error:  # ValueError: it was closed
        _logger.warning("stderr cannot be written: %s", error)
