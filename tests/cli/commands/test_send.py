"""Sending through a running hub, and waiting for what comes of it."""

import asyncio
from pathlib import Path

import pytest
from click.testing import Result

from mdxdash.cli.commands.send import command
from tests.support.faces import session_in
from tests.support.hub_clients import raw_agent
from tests.support.programs import call
from tests.support.waiting import GUARD


def send(*arguments: str) -> "asyncio.Future[Result]":
    return asyncio.ensure_future(asyncio.to_thread(call, command, *arguments))


async def test_a_message_is_sent_and_its_reply_printed(tmp_path: Path) -> None:
    async with session_in(tmp_path) as session, raw_agent(session.hub) as agent:
        await agent.send("VALUE_EVENT_SET|before\n")
        sending = send("VALUE_SET|score|10", "--wait", "type:VALUE_*", "--format", "jsonl")
        assert await asyncio.wait_for(agent.recv(decode=False), GUARD) == b"VALUE_SET|score|10\n"
        await agent.send("VALUE_SET|score|10\nOTHER\nVALUE_EVENT_SET|score\n")
        result = await sending
        assert result.exit_code == 0
        assert '"type":"VALUE_EVENT_SET","args":"score"' in result.stdout
        assert result.stdout.count("\n") == 1
        (sent,) = [event for event in session.log if event.kind == "sent"]
        assert sent.by == "send"


async def test_only_an_agent_that_it_was_sent_to_replies(tmp_path: Path) -> None:
    async with session_in(tmp_path) as session, raw_agent(session.hub) as one:
        async with raw_agent(session.hub, "/chat-1") as two:
            sending = send("ASK", "--to", "chat-1", "--wait", "type:REPLY")
            assert await asyncio.wait_for(two.recv(decode=False), GUARD) == b"ASK\n"
            await one.send("REPLY|wrong\n")
            await two.send("REPLY|right\n")
            assert "chat-1 REPLY|right" in (await sending).stdout


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (["PLUGIN_DISABLE|Remote"], 1, "(--sure sends it)"),
        (["ｓｔｏｐ"], 1, "(--sure sends it as it is)"),
        ([""], 1, "W101"),
        (["A", "--to", "nobody"], 3, "no such agent is connected"),
        (["A", "--wait", "type:NEVER", "--timeout", "10ms"], 1, "within 10ms"),
        (["A", "--wait", "("], 2, "--wait: "),
        (["A", "--timeout", "soon"], 2, "--timeout: "),
        (["A", "--name", "other"], 2, "no hub named other runs"),
    ],
)
async def test_the_exit_code_says_what_became_of_it(
    tmp_path: Path, arguments: list[str], code: int, text: str
) -> None:
    async with session_in(tmp_path) as session, raw_agent(session.hub):
        result = await send(*arguments)
        assert (result.exit_code, text in result.stderr) == (code, True), result.stderr


async def test_what_may_do_harm_is_sent_by_who_is_sure(tmp_path: Path) -> None:
    async with session_in(tmp_path) as session, raw_agent(session.hub) as agent:
        assert (await send("PLUGIN_DISABLE|Remote", "--sure")).exit_code == 0
        assert await agent.recv(decode=False) == b"PLUGIN_DISABLE|Remote\n"


def test_without_a_hub_it_says_how_to_start_one() -> None:
    result = call(command, "A")
    assert result.exit_code == 2
    assert "no hub runs; `mdxdash hub start` starts one" in result.stderr
