"""A command of the user at work in the background: its process, its pipes and its children.

asyncio's own `Process.wait` waits until nobody holds the pipes any more, as a child that outlives
the process may for ever.
"""

import asyncio
import os
from asyncio.subprocess import DEVNULL, PIPE, SubprocessStreamProtocol
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

from mdxdash.processes.child_process import (
    CommandError,
    ProcessGroup,
    describe_failure,
    group_options,
)

_BUFFER: Final = 65_536
"""Bytes of output after twice of which nothing is read from a pipe before it is taken."""


class PipedProcess:
    """A process that was started by `start`. Call `close` in the end."""

    def __init__(
        self,
        transport: asyncio.SubprocessTransport,
        protocol: "_Protocol",
        group: ProcessGroup,
    ) -> None:
        self._transport = transport
        self._protocol = protocol
        self._group = group
        assert protocol.stdin is not None
        assert protocol.stderr is not None
        self.pid = transport.get_pid()
        self.stdin = protocol.stdin
        self.stdout = protocol.stdout
        """None if its output is not read."""
        self.stderr = protocol.stderr

    @classmethod
    async def start(
        cls, words: Sequence[str], environment: Mapping[str, str], *, reads_output: bool = True
    ) -> "PipedProcess":
        """Starts a command without a shell.

        Args:
            words: The program and its arguments.
            environment: Added to the environment of mdxdash.
            reads_output: Whether its standard output is a pipe; else it is dropped.

        Raises:
            CommandError: It cannot be started.
        """
        loop = asyncio.get_running_loop()
        try:
            transport, protocol = await loop.subprocess_exec(
                lambda: _Protocol(limit=_BUFFER, loop=loop),
                *words,
                stdin=PIPE,
                stdout=PIPE if reads_output else DEVNULL,
                stderr=PIPE,
                env={**os.environ, **environment},
                **group_options(),
            )
        except (OSError, ValueError) as error:
            raise CommandError(describe_failure(words, error)) from error
        return cls(transport, protocol, ProcessGroup(transport.get_pid()))

    @property
    def code(self) -> int | None:
        """How it ended: its exit code, or less than 0 for a signal; None while it runs."""
        return self._transport.get_returncode()

    async def wait(self) -> int:
        """Waits until the process has ended, whoever holds its pipes; returns `code`."""
        await self._protocol.ended.wait()
        code = self.code
        assert code is not None
        return code

    def end(self, *, gently: bool = False) -> None:
        """Ends it and its children; see `ProcessGroup.end`."""
        self._group.end(gently=gently)

    def close_pipes(self) -> None:
        """Closes our ends of its pipes: what was read of them already can still be taken."""
        self._transport.close()

    async def close(self, within: float = 0.0) -> None:
        """Ends it and its children, and releases what belongs to it.

        Args:
            within: Seconds that it has to end by itself when it is asked to.
        """
        self.stdin.close()
        if self.code is None and within:
            self.end(gently=True)
            with suppress(TimeoutError):
                async with asyncio.timeout(within):
                    await self.wait()
        self.end()  # its children, too
        await self.wait()
        self.close_pipes()
        self._group.close()


class _Protocol(SubprocessStreamProtocol):
    def __init__(self, limit: int, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(limit, loop)
        self.ended = asyncio.Event()

    def process_exited(self) -> None:
        super().process_exited()
        self.ended.set()
