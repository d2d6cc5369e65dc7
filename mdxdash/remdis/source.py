"""The rows of Remdis' modules, from a broker: what comes is taken at once, folded in its turn, and
given to whoever shows it."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from mdxdash.language.translation import N_
from mdxdash.remdis.folding import Folding
from mdxdash.remdis.listening import Report, listen
from mdxdash.remdis.rows import Row
from mdxdash.remote.beside.first_done import first_done
from mdxdash.remote.fleet.broker_address import BrokerAddress

WAITING_UNITS: Final = 10_000
WAITING_BYTES: Final = 2**26
"""Units that wait to be folded, and their bytes; of more the oldest are left out."""

_AT_ONCE: Final = 200
"""Units that are folded before others get their turn."""

SETTLE_INTERVAL: Final = 0.1
"""Seconds between two looks for sound and values that have ended."""

REPORT_INTERVAL: Final = 5.0
"""Seconds between two times that it is said how many units were left out."""

Give = Callable[[Sequence[Row], float], None]
"""Takes rows that are new or have changed, and the Unix time of that."""


class RemdisSource:
    """Of one broker."""

    def __init__(
        self,
        address: BrokerAddress,
        exchanges: Sequence[str],
        folding: Folding,
        give: Give,
        report: Report,
    ) -> None:
        """`report` gets sentences on the broker and on what is left out."""
        self._address = address
        self._exchanges = exchanges
        self._folding = folding
        self._give = give
        self._report = report
        self._waiting: deque[tuple[float, str, bytes]] = deque()
        """When a unit came, its exchange, its body."""
        self._bytes = 0
        self._left_out = 0
        self._reported = float("-inf")
        """When it was said that units were left out, in monotonic seconds."""
        self._news = asyncio.Event()

    async def run(self) -> None:
        """Runs until it is cancelled. Raises what `give` raises."""
        listening = listen(self._address, self._exchanges, self.take, self._report)
        await first_done(listening, self._fold())

    def take(self, exchange: str, data: bytes) -> None:
        """Takes a message of an exchange."""
        self._waiting.append((time.time(), exchange, data))
        self._bytes += len(data)
        while len(self._waiting) > WAITING_UNITS or self._bytes > WAITING_BYTES:
            self._bytes -= len(self._waiting.popleft()[2])
            self._left_out += 1
        self._news.set()

    async def _fold(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(SETTLE_INTERVAL):
                    await self._news.wait()
            self._news.clear()
            for _ in range(min(_AT_ONCE, len(self._waiting))):
                came, exchange, data = self._waiting.popleft()
                self._bytes -= len(data)
                self._give(self._folding.take(exchange, data, came), came)
            if self._waiting:
                self._news.set()
                await asyncio.sleep(0)
            else:
                now = time.time()
                self._give(self._folding.settle(now), now)
            self._report_left_out()

    def _report_left_out(self) -> None:
        now = time.monotonic()
        if self._left_out and now - self._reported >= REPORT_INTERVAL:
            count, self._left_out, self._reported = self._left_out, 0, now
            text = N_("{count:,} units of Remdis were left out: more came than can be read")
            self._report(True, text.format(count=count))
