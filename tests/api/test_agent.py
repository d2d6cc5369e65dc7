"""An agent of a script: what a dialogue test is written with."""

import asyncio

import pytest

import mdxdash
from tests.support.hub_clients import raw_agent
from tests.support.macro_agents import agent_at_work, simulated
from tests.support.macro_texts import read
from tests.support.waiting import GUARD, logged


async def test_a_dialogue_test_as_the_readme_shows_it() -> None:
    async with asyncio.timeout(GUARD), mdxdash.Hub(port=0) as hub, simulated(hub, speed=20):
        agent = await hub.agent(timeout=30)
        await agent.send("VALUE_SET", "score", 10)
        event = await agent.expect("type:VALUE_EVENT_SET args:score", timeout=5)
        assert (event.type, event.args, event.agent) == ("VALUE_EVENT_SET", "score", agent.name)


async def test_an_answer_that_came_while_the_test_did_something_else_counts() -> None:
    async with agent_at_work() as agent:
        await agent.send("VALUE_SET|score|10")
        answer = ("VALUE_EVENT_SET", "score")
        await logged(agent.hub.log, lambda event: (event.type, event.args) == answer)
        await agent.expect("type:VALUE_EVENT_SET args:score", timeout=0.01)


async def test_an_event_is_given_once() -> None:
    async with agent_at_work() as agent:
        await agent.send("VALUE_SET", "score", 10)
        await agent.expect("type:VALUE_EVENT_SET args:score")
        with pytest.raises(mdxdash.ExpectTimeout):
            await agent.expect("type:VALUE_EVENT_SET args:score", timeout=0.1)


async def test_what_does_not_come_is_told_with_the_last_events() -> None:
    async with agent_at_work() as agent:
        await agent.send("VALUE_SET", "score", 10)
        with pytest.raises(mdxdash.ExpectTimeout) as caught:
            await agent.expect("type:NEVER", timeout=0.2)
        assert str(caught.value).startswith(
            "expect type:NEVER (200ms): nothing that passes came within 200ms\n    "
        )
        assert "VALUE_EVENT_SET|score" in str(caught.value)
        assert "score" in [event.args for event in caught.value.events]


async def test_what_is_forbidden_is_told_at_once() -> None:
    async with agent_at_work() as agent:
        await agent.send("VALUE_SET", "score", 10)
        with pytest.raises(mdxdash.Unexpected, match="what came is forbidden"):
            await agent.expect("type:NEVER", forbidden="type:VALUE_EVENT_SET")


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (("VALUE_SET", "a|b", 1), "'a|b' holds a bar: expected each argument by itself"),
        (("VALUE_SET", "a\nb"), "W102"),
        (("",), "W101"),
    ],
)
async def test_what_would_harm_the_agent_is_refused(message: tuple[str, ...], reason: str) -> None:
    async with agent_at_work() as agent:
        with pytest.raises(mdxdash.Refused, match="^" + reason.replace("|", r"\|")):
            await agent.send(*message)


async def test_an_agent_that_is_gone_takes_nothing() -> None:
    async with asyncio.timeout(GUARD), mdxdash.Hub(port=0) as hub:
        async with raw_agent(hub.server):
            agent = await hub.agent()
        while agent.connected:
            await asyncio.sleep(0.01)
        with pytest.raises(mdxdash.Refused, match="the agent chat is gone"):
            await agent.send("A")


MACROS = """\
[[macro]]
name = "Set"
params = { name = "score" }
steps = [{ send = "VALUE_SET|{name}|1" }, { wait = "type:VALUE_EVENT_SET args:{name}" }]
[[macro]]
name = "Never"
steps = [{ wait = "type:NEVER", timeout = "50ms" }]
"""


async def test_a_macro_is_run_with_its_parameters() -> None:
    async with agent_at_work(read(MACROS)) as agent:
        run = await agent.run("Set", name="ミク")
        assert [step.text for step in run.steps] == [
            "send VALUE_SET|ミク|1",
            "wait type:VALUE_EVENT_SET args:ミク (10s)",
        ]


async def test_a_macro_that_fails_says_where() -> None:
    async with agent_at_work(read(MACROS)) as agent:
        with pytest.raises(mdxdash.MacroFailed, match='"Never" failed: step 1: wait type:NEVER'):
            await agent.run("Never")
        with pytest.raises(LookupError, match='no macro "Nope"'):
            await agent.run("Nope")
        with pytest.raises(TypeError, match='"Never" has no parameter name'):
            await agent.run("Never", name="x")


async def test_events_come_as_they_are_sent_also_those_before_the_loop() -> None:
    async with asyncio.timeout(GUARD), mdxdash.Hub(port=0) as hub, raw_agent(hub.server) as raw:
        agent = await hub.agent()
        await raw.send("A|1\nB|1\nA|2\n")
        found = []
        async for event in agent.events("type:A"):
            found.append(event.args)
            if event.args == "2":
                await raw.send("A|3\n")
            if event.args == "3":
                break
        assert found == ["1", "2", "3"]


async def test_a_question_gets_its_reply() -> None:
    async with agent_at_work() as agent:
        reply = await agent.ask("VALUE_SET", "score", 10, reply="type:VALUE_EVENT_SET args:score")
        assert reply.args == "score"


async def test_the_user_s_words_get_the_turn_with_what_was_said_in_answer() -> None:
    async with agent_at_work() as agent:
        turn = await agent.turn("こんにちは")
        assert (turn.words, turn.text) == (
            "こんにちは",
            "こんにちは。今日はどんなご用件でしょうか。",
        )
        assert turn.complete
        assert turn.latency is not None and turn.speeches[0].end is not None
        await agent.expect("type:SYNTH_EVENT_STOP", timeout=1)


async def test_the_script_s_own_events_have_the_user_s_words_and_not_its_commands() -> None:
    async with agent_at_work() as agent:
        await agent.turn("こんにちは")
        await agent.send("RECOG_EVENT_STOP", "own")
        await agent.turn("さようなら")
        words = []
        async for event in agent.events("type:RECOG_EVENT_STOP"):
            words.append(event.args)
            if len(words) == 1:
                break
        assert words == ["さようなら"]


async def test_a_macro_hears_the_words_of_a_turn() -> None:
    macros = '[[macro]]\nname="M"\non="type:RECOG_EVENT_STOP"\nsend="VALUE_SET|heard|1"'
    async with agent_at_work(read(macros)) as agent:
        await agent.turn("こんにちは")
        await agent.expect("type:VALUE_EVENT_SET args:heard")


async def test_words_that_nothing_answers_say_so_with_the_last_events() -> None:
    async with asyncio.timeout(GUARD), mdxdash.Hub(port=0) as hub, raw_agent(hub.server) as raw:
        agent = await hub.agent()
        await raw.send("RECOG_EVENT_STOP|earlier\nSYNTH_EVENT_START|m\n")
        with pytest.raises(mdxdash.ExpectTimeout, match=r"no answer to 'hello' within 0\.1 s"):
            await agent.turn("hello", timeout=0.1)
        with pytest.raises(mdxdash.Refused, match="holds a bar"):
            await agent.turn("a|b")
