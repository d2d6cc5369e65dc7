"""A million events: a new filter on them, their memory, opening them from a file."""

import gc
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from mdxdash.events.encoding import json_line
from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.filters.filter import Context, parse
from mdxdash.filters.view import View
from mdxdash.recordings.opening import open_recording
from tests.bench.report import Row, side_by_side

COUNT = 1_000_000
SCREENFUL = 45
TYPES = ("RECOG_EVENT_STOP", "SYNTH_START", "SYNTH_EVENT_STOP", "VALUE_EVENT_SET", "CURRENT_TIME")


def event(seq: int) -> Event:
    args = f"0|mei_voice_normal|こんにちは、今日は{seq}回目です"
    return Event(seq, 1.7e9 + seq * 0.001, "received", "chat", TYPES[seq % 5], args, size=70)


def million() -> EventLog:
    log = EventLog(COUNT + 1)
    for first in range(1, COUNT, 1000):
        log.extend([event(seq) for seq in range(first, first + 1000)])
    return log


def rows() -> Iterator[Row]:
    """Nine rows."""
    log = million()
    gc.collect()
    gc.freeze()  # as the dashboard does, or a collection would look at a million events meanwhile
    yield from filtering(log, "type:SYNTH_*", 0.1)
    yield from filtering(log, "回目 -type:CURRENT_TIME", 0.4)
    gc.unfreeze()
    del log
    yield memory()
    yield from opening()


def filtering(log: EventLog, text: str, limit: float) -> Iterator[Row]:
    """The first rows, all rows beside a plain loop (`limit`), and the longest slice."""
    filter_ = parse(text)
    firsts: list[float] = []
    slices: list[float] = []

    def view() -> float:
        shown = View(log, time.time)
        began = time.perf_counter()
        shown.set_filter(filter_)
        first = 0.0
        while not shown.complete:
            at = time.perf_counter()
            shown.advance(0.008)
            now = time.perf_counter()
            slices.append(now - at)
            if not first and len(shown) >= SCREENFUL:
                first = now - began
        firsts.append(first)
        shown.close()
        return time.perf_counter() - began

    def plain() -> float:
        passes = filter_.compile(Context(now=time.time, marked=()))
        events = list(log)
        began = time.perf_counter()
        found = []
        for each in events:
            if each.echo is None and passes(each):
                found.append(each.seq)
        return time.perf_counter() - began

    ours, reference, ratio = side_by_side(view, plain, 5)
    name = f"new filter `{text}` on 1,000,000 events"
    first, longest = max(firsts) * 1000, max(slices) * 1000
    yield Row(f"{name}: first rows", f"{first:.0f} ms", "—", first, 100, at_least=False, unit="ms")
    yield Row(
        f"{name}: complete",
        f"{ours * 1000:.0f} ms",
        f"plain loop {reference * 1000:.0f} ms",
        ratio,
        limit,
        at_least=False,
    )
    yield Row(f"{name}: longest slice", "", "—", longest, 50, at_least=False, unit="ms")


MEMORY_CODE = """
from tests.bench.views import million, resident
log = million()
print(resident())
"""


def resident() -> float:
    """MiB that this process takes now. Linux only: elsewhere only the peak can be had, which a
    process inherits from the one that started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def memory() -> Row:
    """Resident memory of a process that holds a million events, and the text alone."""
    root = Path(__file__).parent.parent.parent
    out = subprocess.run(
        [sys.executable, "-c", MEMORY_CODE], cwd=root, capture_output=True, check=True
    ).stdout
    held = float(out)
    text = sum(len(json_line(event(seq))) for seq in range(1, 1001)) * COUNT / 1000 / 2**20
    return Row(
        "resident memory with 1,000,000 events",
        f"{held:.0f} MiB",
        f"as JSON {text:.0f} MiB",
        held,
        200,
        at_least=False,
        unit="MiB",
    )


def opening() -> Iterator[Row]:
    """The first chunk of a recording, and all of it into a log, beside msgspec alone."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "recording.jsonl"
        with file.open("wb") as out:
            out.write(b'{"format":"mdxdash","version":1,"address":"","started":"","mdxdash":"0"}\n')
            for seq in range(1, COUNT + 1):
                out.write(json_line(event(seq)))
        firsts: list[float] = []

        def ours() -> float:
            began = time.perf_counter()
            log = EventLog(COUNT + 1)
            for number, chunk in enumerate(open_recording(file).read_chunks(columns=True)):
                log.extend(chunk)
                if number == 0:
                    firsts.append(time.perf_counter() - began)
            return time.perf_counter() - began

        def alone() -> float:
            decoder = msgspec.json.Decoder(Event)
            began = time.perf_counter()
            with file.open("rb") as lines:
                next(lines)
                kept = [decoder.decode(line) for line in lines]
            assert len(kept) == COUNT
            return time.perf_counter() - began

        mine, reference, ratio = side_by_side(ours, alone, 3)
    first = max(firsts)
    yield Row(
        "opening 1,000,000 events: first screen",
        f"{first * 1000:.0f} ms",
        "—",
        first,
        1,
        at_least=False,
        unit="s",
    )
    yield Row(
        "opening 1,000,000 events: complete",
        f"{mine:.2f} s",
        f"msgspec alone {reference:.2f} s",
        ratio,
        1.0,
        at_least=False,
    )
