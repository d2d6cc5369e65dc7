"""Sending through a running hub, and waiting for what comes of it."""

import asyncio
from pathlib import Path

import pytest
from click.testing import Result

from mdxdash.cli.commands.send import command
from mdxdash.wire.message import parse_message
from tests.support.faces import session_in
from tests.support.hub_clients import raw_agent, received
from tests.support.programs import call
from tests.support.waiting import GUARD


def send(*arguments: str) -> "asyncio.Future[Result]":
    return asyncio.ensure_future(asyncio.to_thread(call, command, *arguments))


async def test_a_message_is_sent_and_its_reply_printed(tmp_path: Path) -> None:
    async with session_in(tmp_path) as session, raw_agent(session.hub) as agent:
        await agent.send("VALUE_EVENT_SET|before\n")
        await received(session.log, 1)
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
            await two.send("ASK\nREPLY|right\n")
            assert "chat-1 REPLY|right" in (await sending).stdout


async def test_what_came_before_the_echo_is_no_reply(tmp_path: Path) -> None:
    async with session_in(tmp_path) as session, raw_agent(session.hub) as agent:
        sending = send("SYNTH_START|0|mei|hi", "--wait", "type:SYNTH_EVENT_STOP")
        await asyncio.wait_for(agent.recv(decode=False), GUARD)
        await agent.send("SYNTH_EVENT_STOP|before\nSYNTH_START|0|mei|hi\nSYNTH_EVENT_STOP|0\n")
        assert (await sending).stdout.endswith("SYNTH_EVENT_STOP|0\n")


async def test_an_agent_without_echoes_replies_too(tmp_path: Path) -> None:
    async with session_in(tmp_path) as session, raw_agent(session.hub) as agent:
        sending = send("ASK", "--wait", "type:REPLY")
        await asyncio.wait_for(agent.recv(decode=False), GUARD)
        await agent.send("REPLY|1\nREPLY|2\n")
        assert (await sending).stdout.endswith("REPLY|1\n")


async def test_what_another_command_says_as_the_user_is_waited_for(tmp_path: Path) -> None:
    async with session_in(tmp_path) as session, raw_agent(session.hub) as agent:
        sending = send("ASK", "--wait", "type:RECOG_EVENT_STOP")
        await agent.send(await asyncio.wait_for(agent.recv(decode=False), GUARD))
        session.hub.send(parse_message("RECOG_EVENT_STOP|hi"), by="send")
        await agent.send(await asyncio.wait_for(agent.recv(decode=False), GUARD))
        assert (await sending).stdout.endswith("RECOG_EVENT_STOP|hi  [echo]\n")


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("SYNTH_STRAT|0|mei|hi", "did you mean SYNTH_START"),
        ("MODEL_DELETE", "H4"),
    ],
)
async def test_what_looks_wrong_is_reported_though_it_is_sent(
    tmp_path: Path, line: str, text: str
) -> None:
    async with session_in(tmp_path) as session, raw_agent(session.hub) as agent:
        result = await send(line)
        assert (result.exit_code, text in result.stderr) == (0, True), result.stderr
        assert await agent.recv(decode=False) == f"{line}\n".encode()
        assert result.stdout == ""


async def test_a_person_reads_to_whom_it_went_and_who_acknowledged_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mdxdash.cli.commands.send._is_read", lambda: True)
    async with session_in(tmp_path) as session, raw_agent(session.hub) as agent:
        sending = send("ASK")
        await agent.send(await asyncio.wait_for(agent.recv(decode=False), GUARD))
        assert "sent to chat: acknowledged after " in (await sending).stderr
        assert "sent to chat: no echo yet" in (await send("ASK")).stderr
        assert "sent to chat: never acknowledged" in (await send("__AV_START")).stderr


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
