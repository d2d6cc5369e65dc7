"""Progress on stderr: one line that is overwritten in a terminal, else a new line every 10 s."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Final, Self

from mdxdash.cli.output.diagnostics import report, write_stderr
from mdxdash.events.printable import printable

_REWRITTEN: Final = 0.25
"""Seconds between two updates in a terminal."""

_APPENDED: Final = 10.0
"""Seconds between two lines elsewhere."""


class ProgressLine:
    """Shows the text that `describe` returns. Leaving it erases the line."""

    def __init__(self, describe: Callable[[], str]) -> None:
        self._describe = describe
        self._rewrites = sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._rewrites:
            write_stderr("\r\x1b[K")

    async def follow(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs `work`, showing its progress until it is done; raises what it raises."""
        task = asyncio.ensure_future(work)
        pause = _REWRITTEN if self._rewrites else _APPENDED
        try:
            while not task.done():
                self._show()
                await asyncio.wait([task], timeout=pause)
            task.result()
        finally:
            task.cancel()

    def _show(self) -> None:
        if self._rewrites:
            write_stderr(f"\r\x1b[K{printable(self._describe())}")
        else:
            report(self._describe())
