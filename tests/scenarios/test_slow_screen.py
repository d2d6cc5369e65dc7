"""A dashboard elsewhere that does not read: nobody waits for it, and it catches up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from mdxdash.events.log import EventLog
from mdxdash.remote.attached.attachment import Attachment
from mdxdash.remote.attached.control_channel import control_opener
from mdxdash.remote.attached.hub_link import ask_welcome
from mdxdash.remote.attached.line_channel import LineChannel
from mdxdash.remote.hub_session import HubSession
from mdxdash.remote.protocol import PROTOCOL, Attach
from tests.support.faces import runtime_folder, session_in
from tests.support.waiting import eventually, logged

EVENTS = 20_000
FILLER = "x" * 500


@asynccontextmanager
async def attached_slowly(
    session: HubSession,
) -> AsyncIterator[tuple[Attachment, asyncio.Event]]:
    """A dashboard's session that reads while the event is set."""
    reads = asyncio.Event()
    reads.set()
    opener = control_opener(session.name)

    async def open_slowly() -> LineChannel:
        channel = await opener()
        read = channel.read

        async def read_when_allowed() -> list[bytes]:
            await reads.wait()
            return await read()

        channel.read = read_when_allowed  # type: ignore[method-assign]
        return channel

    welcome = await ask_welcome(opener, Attach(PROTOCOL, "attach", events=False))
    async with Attachment(open_slowly, welcome, EventLog()) as attachment:
        await attachment.link.wait_attached()
        yield attachment, reads


async def flood(session: HubSession) -> int:
    """Events, far more than the hub holds in memory or for a face; returns the first number."""
    first = session.log.next_seq
    for number in range(EVENTS):
        session.log.append("received", "chat", "SAID", f"{number} {FILLER}")
        if number % 500 == 0:
            await asyncio.sleep(0)
    return first


async def test_it_gets_all_of_it_from_the_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with runtime_folder(monkeypatch):
        async with session_in(tmp_path, log_events=1000) as session:
            async with attached_slowly(session) as (slow, reads):
                reads.clear()
                first = await flood(session)
                assert session.log.first_seq > first
                assert slow.log.next_seq < first + EVENTS // 2
                reads.set()
                await logged(slow.log, lambda event: event.args.startswith(f"{EVENTS - 1} "))
                seqs = [event.seq for event in slow.log if event.seq >= first]
                assert seqs == list(range(first, first + EVENTS))


async def test_without_a_recording_it_goes_on_with_what_memory_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with runtime_folder(monkeypatch):
        options = {"log_events": 1000, "recording_enabled": False}
        async with session_in(tmp_path, **options) as session:
            async with attached_slowly(session) as (slow, reads):
                reads.clear()
                first = await flood(session)
                reads.set()
                last = first + EVENTS - 1
                await eventually(lambda: slow.log.next_seq > last)
                assert [event.seq for event in slow.log][-500:] == list(range(last - 499, last + 1))
                assert slow.log.first_seq > first
