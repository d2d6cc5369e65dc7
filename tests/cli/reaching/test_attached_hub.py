"""Macros of a file on the agents of a hub that runs already."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from mdxdash.cli.commands.run import command as run
from mdxdash.cli.reaching import attached_hub
from mdxdash.cli.reaching.attached_hub import AttachedHub, HubHangs
from mdxdash.cli.reaching.reached_hub import ReachedHub, hub_here
from mdxdash.remote.hub_session import HubSession
from mdxdash.simulator import Content, Simulator
from tests.support.faces import session_in
from tests.support.programs import call, mdxdash
from tests.support.waiting import GUARD, logged

BEFORE = """\
[[macro]]
name = "Wait"
steps = [{ send = "ASK" }, { wait = "type:REPLY", timeout = "60s" }]
"""

SCORE = """\
[[macro]]
name = "Score"
steps = [
  { send = "VALUE_SET|score|10" },
  { wait = "type:VALUE_EVENT_SET args:score" },
  { send = "VALUE_EVAL|score|GT|9" },
  { wait = "type:VALUE_EVENT_EVAL" },
]
"""


@asynccontextmanager
async def with_agent(folder: Path) -> AsyncIterator[HubSession]:
    async with session_in(folder, recording_enabled=False) as session:
        agent = asyncio.create_task(Simulator(session.hub.url, behavior=Content()).run())
        await logged(session.log, lambda event: event.kind == "connected")
        try:
            yield session
        finally:
            agent.cancel()
            await asyncio.wait([agent])


async def test_a_dialogue_passes_and_the_hub_shows_what_was_sent(tmp_path: Path) -> None:
    file = tmp_path / "dialogue.toml"
    file.write_text(SCORE, encoding="utf-8")
    async with with_agent(tmp_path / "hub") as session:
        result = await asyncio.to_thread(mdxdash, "run", str(file), "--hub", "main")
        assert result.stderr.splitlines()[0] == f"attached to main, {session.hub.url}"
        assert {event.by for event in session.log if event.kind == "sent"} == {"macro"}
    assert "✓" in result.stdout
    assert result.returncode == 0, result.stdout


async def test_what_was_before_is_no_reply(tmp_path: Path) -> None:
    (tmp_path / "macros.toml").write_text(BEFORE, encoding="utf-8")
    async with with_agent(tmp_path / "hub") as session:
        session.log.append("received", "chat", "REPLY", "old")
        running = asyncio.create_task(
            asyncio.to_thread(mdxdash, "run", str(tmp_path / "macros.toml"), "--hub", "main")
        )
        sent = await logged(session.log, lambda event: event.type == "ASK")
        session.log.append("received", "chat", "REPLY", "new")
        result = await asyncio.wait_for(running, GUARD)
        assert (result.returncode, sent.by) == (0, "macro")
        assert "REPLY|new" in result.stdout


async def test_without_an_agent_it_ends_with_3(tmp_path: Path) -> None:
    (tmp_path / "macros.toml").write_text(BEFORE, encoding="utf-8")
    arguments = (str(tmp_path / "macros.toml"), "--hub", "main", "--wait-agent", "10ms")
    (tmp_path / "hub").mkdir()
    async with session_in(tmp_path / "hub", recording_enabled=False) as session:
        result = await asyncio.to_thread(mdxdash, "run", *arguments)
        assert result.returncode == 3
        assert f"no agent came to {session.hub.url} within 0.01 s" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--hub", "main", "--port", "9005"], "--port has no effect with --hub"),
        (["--hub", "main", "--no-record"], "--no-record has no effect with --hub"),
        (["--hub", "other"], "no hub named other runs"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, arguments: list[str], text: str) -> None:
    (tmp_path / "macros.toml").write_text(BEFORE, encoding="utf-8")
    result = call(run, str(tmp_path / "macros.toml"), *arguments)
    assert result.exit_code == 2 and text in result.stderr


async def test_a_hub_that_sends_nothing_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attached_hub, "CAUGHT_UP_WITHIN", 0.05)
    async with session_in(tmp_path, recording_enabled=False):
        reached = await asyncio.to_thread(hub_here, "main")
    gone = ReachedHub(reached.open_channel, reached.welcome)
    with pytest.raises(HubHangs, match="the hub main: "):
        await AttachedHub(gone, ()).__aenter__()
