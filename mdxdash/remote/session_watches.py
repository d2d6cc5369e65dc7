"""The watches of one session: read from the settings file, again when it changes, and counted."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from mdxdash.alerts.watch import Watch, WatchState
from mdxdash.alerts.watch_file import WatchFile
from mdxdash.alerts.watch_runner import WatchRunner, WatchSnapshot
from mdxdash.events.log import EventLog
from mdxdash.macros.files.watched_file import FILE_INTERVAL


class SessionWatches:
    """The watches in force, which follow their file while `running` is entered."""

    def __init__(self, log: EventLog, groups: Mapping[str, Sequence[str]], path: Path) -> None:
        """`path`: the settings file, which is read at once. `groups`: see `WatchRunner`."""
        self.file = WatchFile(path)
        self._runner = WatchRunner(log, groups)
        self._in_force: tuple[Watch, ...] = ()
        self.file.refresh()
        self._take_over()

    @property
    def states(self) -> tuple[WatchState, ...]:
        """What each watch has counted, in the order of the file."""
        self._take_over()  # what was just pinned is there at once
        return self._runner.states

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Counts, and looks after the file, as long as the context lasts."""
        async with self._runner.running():
            following = asyncio.create_task(self._follow())
            try:
                yield
            finally:
                following.cancel()
                await asyncio.wait([following])

    def snapshot(self) -> tuple[WatchSnapshot, ...]:
        """Returns what was counted, for another process."""
        return self._runner.snapshot()

    def restore(self, left: Sequence[WatchSnapshot]) -> None:
        """Goes on with what another process has counted."""
        self._runner.restore(left)

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(FILE_INTERVAL)
            await asyncio.to_thread(self.file.refresh)
            self._take_over()

    def _take_over(self) -> None:
        if self._in_force is not self.file.watches:
            self._in_force = self.file.watches
            self._runner.replace(self._in_force)
