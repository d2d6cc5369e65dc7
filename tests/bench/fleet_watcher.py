"""A dashboard without a screen that measures; it gets the broker, the number of hubs, seconds.

Prints what came in the seconds after all hubs were there, as JSON.
"""

import asyncio
import json
import sys
import time

from mdxdash.events.log import EventLog
from mdxdash.remote.fleet.broker_address import BrokerAddress
from mdxdash.remote.fleet.watching.fleet_watch import FleetWatch


class Measured:
    """Counts messages and bytes of a watch, beside what it does."""

    def __init__(self, watch: FleetWatch) -> None:
        self.messages = 0
        self.size = 0
        self._take = watch.reception.take
        watch.reception.take = self.take  # type: ignore[method-assign]

    def take(self, data: bytes, user: str = "", key: str | None = None) -> None:
        self.messages += 1
        self.size += len(data)
        self._take(data, user, key)


async def main() -> None:
    url, hubs, seconds = sys.argv[1:]
    log = EventLog(1_000_000)
    latencies: list[float] = []
    started = time.monotonic()
    watch = FleetWatch(BrokerAddress.of(url), log)
    measured = Measured(watch)
    async with watch:
        while sum(not hub.gone for hub in watch.hub.hubs.values()) < int(hubs):
            await asyncio.sleep(0.1)
        await asyncio.sleep(3)
        log.subscribe(lambda event: latencies.append(time.time() - event.time))
        began, messages, size = time.monotonic(), measured.messages, measured.size
        cpu = time.process_time()
        events, missing = log.next_seq, watch.reception.missing
        await asyncio.sleep(float(seconds))
        took = time.monotonic() - began
        print(
            json.dumps(
                {
                    "events": log.next_seq - events,
                    "messages": measured.messages - messages,
                    "bytes": measured.size - size,
                    "missing": watch.reception.missing - missing,
                    "seconds": took,
                    "cpu": time.process_time() - cpu,
                    "took": time.monotonic() - started,
                    "latencies": latencies,
                }
            )
        )


asyncio.run(main())
