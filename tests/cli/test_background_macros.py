"""The macros of `mdxdash serve --macro`."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection

from mdxdash.cli.background_macros import (
    WHEN_CONNECTED,
    BackgroundMacros,
    background_macros,
    run_background,
)
from mdxdash.events.log import EventLog
from mdxdash.hub.server import HubServer
from mdxdash.settings.hub_section import HubSettings
from mdxdash.settings.toml_source import SettingsError
from tests.support.hub_clients import raw_agent
from tests.support.waiting import GUARD

TEXT = """\
[[macro]]
name = "Greet"
send = "GREET"
[[macro]]
name = "Beat"
every = "1h"
send = "BEAT"
[[macro]]
name = "Reply"
on = "type:ASK"
send = "REPLY"
[[macro]]
name = "Fail"
on = "type:ASK"
steps = [{ send = "MOTION_DELETE|0" }, { wait = "type:NEVER", timeout = "10ms" }]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mdxdash.toml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_a_named_macro_without_every_and_on_runs_when_an_agent_connects(file: Path) -> None:
    greet, beat, reply, _ = background_macros(file, ["Greet", "Beat", "Reply"]).macros
    assert greet.on == WHEN_CONNECTED
    assert (beat.on, beat.every) == (None, 3600.0)
    assert reply.on is not None
    assert reply.on.text == "type:ASK"


def test_macros_that_are_not_named_stay_as_they_are(file: Path) -> None:
    background = background_macros(file, ["Beat"])
    assert background.macros[0].on is None
    assert background.names == {"Beat"}


def test_a_name_that_no_macro_has_is_an_error_with_the_file(file: Path) -> None:
    with pytest.raises(SettingsError, match='--macro: there is no macro "Gret"') as caught:
        background_macros(file, ["Gret"])
    assert str(caught.value).startswith(f"{file.name}: ")


async def run(background: BackgroundMacros, until: str) -> tuple[list[str], list[str]]:
    """Lets an agent send ASK. Returns the messages that it gets and what is reported, as soon as
    one of these begins with `until`."""
    log, reports, got = EventLog(), list[str](), list[str]()

    async def receive(agent: ClientConnection) -> None:
        async for frame in agent:
            assert isinstance(frame, str)
            got.extend(frame.split())

    async with (
        asyncio.timeout(GUARD),
        HubServer(HubSettings(port=0), log) as hub,
        cancelled_at_end(run_background(hub, log, background, reports.append)),
        raw_agent(hub) as agent,
        cancelled_at_end(receive(agent)),
    ):
        await agent.send("ASK\n")
        while not any(text.startswith(until) for text in (*got, *reports)):
            await asyncio.sleep(0.01)
    return got, reports


@asynccontextmanager
async def cancelled_at_end(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_named_macros_run_and_others_do_not(file: Path) -> None:
    got, reports = await run(background_macros(file, ["Greet", "Reply"]), "REPLY")
    assert (sorted(got), [line for line in reports if "failed" in line]) == (["GREET", "REPLY"], [])


async def test_a_run_that_fails_and_a_doubtful_command_are_reported(file: Path) -> None:
    _, reports = await run(background_macros(file, ["Fail"]), "macro Fail on chat")
    assert 'macro "Fail": MOTION_DELETE|0: H404' in reports[0]
    assert reports[1].startswith("macro Fail on chat: step 2: wait type:NEVER (10ms): nothing ")
