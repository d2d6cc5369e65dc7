"""Printing for a reader that does not keep up."""

import asyncio
import os

from mdxdash.cli.output.event_printer import EventPrinter, batch_encoder
from mdxdash.events.event import Event
from mdxdash.events.storage.event_store import memory_sizes

EVENTS = 3000


async def test_what_a_slow_reader_leaves_no_room_for_is_counted() -> None:
    reader, writer = os.pipe()
    told: list[int] = []
    with os.fdopen(reader, "rb") as output:
        with os.fdopen(writer, "wb") as file:
            form = batch_encoder("jsonl")
            with EventPrinter(
                file, form, told.append, size=memory_sizes, waiting_bytes=1_000_000
            ) as printer:
                # More than a pipe holds, so that the thread hangs in its first write.
                for seq in range(1, EVENTS + 1):
                    printer.put(Event(seq, 0.0, "received", "chat", "A", "x" * 1000))
                assert told == []
                first = await asyncio.to_thread(output.readline)
                # Begun at once: leaving the printer waits for the reader.
                reading = asyncio.get_running_loop().run_in_executor(None, output.read)
        rest = await reading
    assert len(told) == 1 and told[0] > EVENTS // 2
    assert (first + rest).count(b"\n") == EVENTS - told[0]
