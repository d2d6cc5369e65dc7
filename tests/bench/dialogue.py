"""The timeline: what it costs beside the stream, and a million events in it."""

import asyncio
import gc
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from textual.strip import Strip

from mdxdash.events.log import EventLog
from mdxdash.tui.views.lanes import Lanes
from tests.bench.programs import dashboard
from tests.bench.report import Row, side_by_side
from tests.bench.throughput import rate
from tests.support.dashboards import Dashboard, running_dashboard
from tests.support.dialogues import recorded_events
from tests.support.recorded import RECORDINGS

COUNT = 1_000_000


def rows() -> Iterator[Row]:
    """Five rows of the table."""
    yield throughput()
    yield from asyncio.run(million())


def throughput() -> Row:
    """With the timeline shown, and with the stream."""
    with dashboard() as (_, stream_url), dashboard() as (program, url):
        program.until_painted(b"Compose")
        program.press("T")
        program.until_painted(b"Nothing that takes time")
        ours, stream, ratio = side_by_side(lambda: rate(url), lambda: rate(stream_url), 7)
    return Row(
        "messages/s with the timeline, beside the stream",
        f"{ours:,.0f}/s",
        f"{stream:,.0f}/s",
        ratio,
        0.9,
        at_least=True,
    )


def conversing() -> EventLog:
    """A million events: the real dialogue again and again, the last event now."""
    events = recorded_events(RECORDINGS / "dialogue.jsonl")
    length = events[-1].time - events[0].time + 5
    times = COUNT // len(events)
    log = EventLog(COUNT + 1)
    begin = time.time() - times * length
    for number in range(times):
        for event in events:
            at = begin + number * length + event.time - events[0].time
            log.append("received", "chat", event.type, event.args, time=at, size=60)
    return log


async def million() -> list[Row]:
    """First picture, zoom and scrolling, and how long nothing else had its turn."""
    log = conversing()
    gc.collect()
    gc.freeze()
    with tempfile.TemporaryDirectory() as folder:
        async with running_dashboard(Path(folder), log=log) as running:
            await running.until(lambda: running.panes.stream.view.complete)
            await running.pilot.pause(1.5)
            lanes = running.panes.views.timeline.lanes
            painted = noted(lanes, "gene speech")
            lags: list[float] = []
            watcher = asyncio.create_task(blocks(lags))
            began = time.perf_counter()
            await running.panes.action_view("timeline")
            await painted.wait()
            first = time.perf_counter() - began
            while running.panes.views.history.behind:
                await asyncio.sleep(0.01)
            whole = time.perf_counter() - began
            await running.pilot.pause(0.2)
            zooms = [
                await picture(running, lambda by=by: lanes.action_zoom(by))
                for by in [1] * 12 + [-1] * 15
            ]
            lanes.action_zoom(4)
            scrolls = [
                await picture(running, lambda by=by: lanes.action_scroll_time(by))
                for by in [-0.5] * 20 + [0.5] * 19
            ]
            watcher.cancel()
    name = "1,000,000 events in the timeline: "
    return [
        row(name + "first picture", f"all read in {whole:.1f} s", first, 500),
        row(name + "a step of the zoom", f"median {milliseconds(zooms)}", max(zooms), 50),
        row(name + "a step of scrolling", f"median {milliseconds(scrolls)}", max(scrolls), 50),
        row(
            name + "longest block of the event loop",
            f"99 % under {statistics.quantiles(lags, n=100)[-1] * 1000:.0f} ms",
            max(lags),
            50,
        ),
    ]


def row(what: str, measured: str, seconds: float, limit: float) -> Row:
    return Row(what, measured, "—", seconds * 1000, limit, at_least=False, unit="ms")


def milliseconds(durations: list[float]) -> str:
    return f"{statistics.median(durations) * 1000:.0f} ms"


async def blocks(lags: list[float]) -> None:
    """Notes how late a timer of 5 ms is, for ever."""
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.005)
        lags.append(time.perf_counter() - began - 0.005)


def noted(lanes: Lanes, text: str) -> asyncio.Event:
    """Returns what is set when the app first paints a line of the lanes with a text. The screen is
    not read for that: what is read is painted, and kept."""
    painted, render = asyncio.Event(), lanes.render_line

    def render_line(y: int) -> Strip:
        line = render(y)
        if text in line.text:
            lanes.render_line = render  # type: ignore[method-assign]
            painted.set()
        return line

    lanes.render_line = render_line  # type: ignore[method-assign]
    return painted


async def picture(running: Dashboard, act: Callable[[], None]) -> float:
    """Seconds from an action to the lines of the timeline that it changes."""
    lanes = running.panes.views.timeline.lanes
    began = time.perf_counter()
    act()
    for y in range(lanes.size.height):
        lanes.render_line(y)
    took = time.perf_counter() - began
    await asyncio.sleep(0.05)
    return took
