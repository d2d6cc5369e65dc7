"""Standard input, output and error, in whatever state a program finds them."""

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from mdxdash.cli.output.diagnostics import report
from mdxdash.language.translation import _

LINE_BYTES: Final = 65_536
"""Bytes of a line from stdin; a longer one is skipped. An agent takes 2,047 (PROTOCOL.md)."""

_READ_BYTES: Final = 65_536

_logger = logging.getLogger(__name__)


def open_closed_descriptors() -> None:
    """Opens descriptors 0, 1 and 2 that the caller had closed (`<&-`) on the null device.

    Otherwise the next file or socket that is opened would take their number, and be read as stdin.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number: this one
    # Python has None for a stream that was closed, which nobody expects.
    null = Path(os.devnull)
    sys.stdin = sys.stdin or null.open(encoding="utf-8")
    sys.stdout = sys.stdout or null.open("w", encoding="utf-8")
    sys.stderr = sys.stderr or null.open("w", encoding="utf-8")


def finish_stdout(code: int) -> int:
    """Writes what waits in stdout's buffer; returns the exit code of the program.

    That is `code`, or 1 when stdout cannot be written. A reader that has gone (`| head`) is no
    news; anything else is reported.
    """
    try:
        sys.stdout.flush()
    except (OSError, ValueError) as error:
        return stdout_failed(error)
    return code


def stdout_failed(error: Exception) -> int:
    """Reports why stdout cannot be written, unless its reader has gone. Returns the exit code."""
    if not isinstance(error, BrokenPipeError):
        report(
            _("mdxdash: stdout: {error}").format(error=getattr(error, "strerror", None) or error)
        )
    # The interpreter flushes once more at its end, and would complain in its own words.
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return 1


def stdin_lines() -> Iterator[bytes]:
    """Yields the lines of stdin without their newlines, as bytes in UTF-8. May block.

    A line over `LINE_BYTES` is reported and skipped. Ends with stdin, also when it cannot be read.
    """
    return split_lines(_stdin_blocks())


def split_lines(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Yields the lines that blocks of bytes make up, each byte looked at once."""
    parts: list[bytes] = []
    size = 0
    for block in blocks:
        *ends, rest = block.split(b"\n")
        for end in ends:
            parts.append(end)
            size += len(end)
            if size <= LINE_BYTES:
                yield b"".join(parts)
            else:
                report(_("not sent: a line of {size:,} bytes on stdin").format(size=size))
            parts, size = [], 0
        size += len(rest)
        if size <= LINE_BYTES:
            parts.append(rest)
        else:
            parts = []
    if 0 < size <= LINE_BYTES:
        yield b"".join(parts)
    elif size:
        report(_("not sent: a line of {size:,} bytes on stdin").format(size=size))


def _stdin_blocks() -> Iterator[bytes]:
    # Read below `sys.stdin`, whose buffer has a lock: a thread that waits in it would make the
    # interpreter abort at the end.
    read = _console_read() or (lambda: os.read(0, _READ_BYTES))
    while True:
        try:
            block = read()
        except (OSError, ValueError) as error:  # closed, or a terminal that is gone
            _logger.info("stdin cannot be read any more: %s", error)
            return
        if not block:
            return
        yield block


def _console_read() -> Callable[[], bytes] | None:
    """Returns what reads a Windows console in UTF-8: below it, bytes come in the console's code
    page (PEP 528). None where stdin is something else."""
    if sys.platform != "win32" or not sys.stdin.isatty():
        return None
    raw = getattr(sys.stdin.buffer, "raw")  # noqa: B009  typeshed does not know it
    return lambda: raw.read(_READ_BYTES) or b""
