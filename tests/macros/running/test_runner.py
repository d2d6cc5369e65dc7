"""Macros in a real event loop, with a real hub and agents on real sockets."""

import asyncio

from mdxdash.api import Hub
from mdxdash.macros.model import Macro
from mdxdash.wire.message import Message
from tests.support.hub_clients import raw_agent
from tests.support.macro_texts import read
from tests.support.waiting import GUARD, logged

EVENTS = 5000
TRIGGERS = 50


async def test_a_beat_and_50_triggers_among_5000_events_are_each_answered_once() -> None:
    macros = read(
        '[[macro]]\nname = "Beat"\nevery = "20ms"\nsend = "BEAT"\n'
        '[[macro]]\nname = "Answer"\non = "type:ASK"\nsend = "ANSWER|{args}"\n'
    )
    async with (
        asyncio.timeout(GUARD),
        Hub(port=0, macros=macros) as hub,
        raw_agent(hub.server) as agent,
    ):
        hub.runner.trigger(macros[0])
        each = EVENTS // TRIGGERS
        for number in range(TRIGGERS):
            for filler in range(each - 1):
                await agent.send(f"FILLER|{number}|{filler}\n")
            await agent.send(f"ASK|{number}\n")
        lines: list[str] = []
        while lines.count("BEAT") < 10 or not any(x.startswith("ANSWER|49") for x in lines):
            frame = await agent.recv(decode=True)
            lines += frame.split()
        answers = [line for line in lines if line.startswith("ANSWER")]
        assert answers == [f"ANSWER|{number}" for number in range(TRIGGERS)]
        tally = hub.runner.tally(macros[1])
        assert (tally.fired, tally.passed, tally.refused) == (50, 50, "")


async def test_a_macro_of_commands_alone_is_sent_on_the_spot() -> None:
    macro = Macro("M", (Message("A"), Message("B", "1")))
    async with asyncio.timeout(GUARD), Hub(port=0, macros=[macro]) as hub:
        hub.runner.trigger(macro)
        assert hub.runner.tally(macro).missed == 1
        async with raw_agent(hub.server) as agent:
            hub.runner.trigger(macro)
            assert (await agent.recv(decode=True)) == "A\nB|1\n"
            assert (hub.runner.tally(macro).fired, hub.runner.is_running(macro)) == (1, False)
            assert hub.runner.send(Message("C"), "chat") == ""
            await agent.recv()
            sent = [(event.type, event.by) for event in hub.log if event.kind == "sent"]
            assert sent == [("A", "macro"), ("B", "macro"), ("C", "")]


async def test_a_refused_command_is_told_at_once() -> None:
    macro = Macro("M", (Message("A", "x\x00"),))
    async with asyncio.timeout(GUARD), Hub(port=0, macros=[macro]) as hub, raw_agent(hub.server):
        hub.runner.trigger(macro)
        assert "W102" in hub.runner.tally(macro).refused


async def test_everything_that_runs_or_answers_can_be_stopped() -> None:
    macros = read(
        '[[macro]]\nname = "Wait"\nsteps = [{ wait = "type:NEVER" }]\n'
        '[[macro]]\nname = "Beat"\nevery = "1h"\nsend = "BEAT"\n'
        '[[macro]]\nname = "Answer"\non = "type:ASK"\nsend = "ANSWER"\n'
        '[[macro]]\nname = "Idle"\nsend = "IDLE"\n'
    )
    async with asyncio.timeout(GUARD), Hub(port=0, macros=macros) as hub, raw_agent(hub.server):
        runner = hub.runner
        for macro in macros[:2]:
            runner.trigger(macro)
        assert [runner.is_running(macro) for macro in macros] == [True, True, True, False]
        (record,) = runner.active(macros[0])
        assert record.current is not None
        assert record.current.text == "wait type:NEVER (10s)"
        assert runner.stop_all() == 3
        assert [runner.is_running(macro) for macro in macros] == [False] * 4
        assert record.state == "stopped"


async def test_other_macros_take_over_and_what_is_unchanged_goes_on() -> None:
    macros = read(
        '[[macro]]\nname = "A"\nsteps = [{ wait = "type:NEVER" }]\n'
        '[[macro]]\nname = "B"\nsteps = [{ wait = "type:NEVER" }]\n'
    )
    async with asyncio.timeout(GUARD), Hub(port=0, macros=macros) as hub, raw_agent(hub.server):
        for macro in macros:
            hub.runner.trigger(macro)
        hub.runner.replace([macros[0], Macro("B", (Message("X"),))])
        assert hub.runner.is_running(macros[0])
        assert not hub.runner.is_running(hub.runner.macros[1])


UNTRUSTED = read(
    '[[macro]]\nname = "Answer"\non = "type:A"\nsteps = [{ run = "Part" }]\n'
    '[[macro]]\nname = "Other"\non = "type:A"\nsend = "B"\n'
    '[[macro]]\nname = "Part"\nsend = "C"\n'
)


async def test_macros_of_an_untrusted_file_answer_only_when_the_user_switches_them_on() -> None:
    async with asyncio.timeout(GUARD), Hub(port=0) as hub, raw_agent(hub.server):
        hub.runner.replace(UNTRUSTED, trusted=False)
        assert hub.runner.waiting_for_trust == {"Answer", "Other"}
        assert not any(hub.runner.is_on(macro) for macro in UNTRUSTED)
        hub.runner.trigger(UNTRUSTED[0])
        assert hub.runner.is_on(UNTRUSTED[0])


async def test_what_runs_a_macro_that_changed_in_an_untrusted_file_is_switched_off() -> None:
    async with asyncio.timeout(GUARD), Hub(port=0) as hub, raw_agent(hub.server):
        hub.runner.replace(UNTRUSTED)
        assert all(hub.runner.is_on(macro) for macro in UNTRUSTED[:2])
        changed = [*UNTRUSTED[:2], Macro("Part", (Message("MODEL_DELETE", "0"),))]
        hub.runner.replace(changed, trusted=False)
        assert not hub.runner.is_on(UNTRUSTED[0])
        assert hub.runner.is_on(UNTRUSTED[1])
        assert hub.runner.waiting_for_trust == {"Answer"}


async def test_a_macro_that_went_round_is_off_and_the_log_says_so() -> None:
    macros = read('[[macro]]\nname = "M"\non = "type:PONG"\nsend = "PING"\n')
    async with (
        asyncio.timeout(GUARD),
        Hub(port=0, macros=macros) as hub,
        raw_agent(hub.server) as agent,
    ):
        for _ in range(30):
            await agent.send("PONG\n")
        fault = await logged(hub.log, lambda event: event.kind == "fault")
        assert (
            fault.text == 'the macro "M" triggered itself 20 times within a second: it is off now'
        )
        assert not hub.runner.is_on(macros[0])
        assert hub.runner.tally(macros[0]).refused == fault.text


async def test_what_runs_ends_with_the_runner() -> None:
    macros = read('[[macro]]\nname = "M"\nsteps = [{ wait = "type:NEVER" }]\n')
    async with asyncio.timeout(GUARD), Hub(port=0, macros=macros) as hub, raw_agent(hub.server):
        (record,) = hub.runner.fire(macros[0]).runs
    assert record.state == "stopped"


async def test_a_macro_for_a_group_goes_once_to_each_of_its_agents() -> None:
    # Named as one of them: what is for that agent alone must not go to the others too.
    groups = {"chat": ("chat", "chat-1")}
    macro = Macro("M", (Message("A"),), target="chat")
    async with (
        asyncio.timeout(GUARD),
        Hub(port=0, macros=[macro], groups=groups) as hub,
        raw_agent(hub.server) as first,
        raw_agent(hub.server, "/chat-1") as second,
        raw_agent(hub.server, "/chat-2"),
    ):
        hub.runner.trigger(macro)
        assert (await first.recv(decode=True), await second.recv(decode=True)) == ("A\n", "A\n")
        sent = [event.agent for event in hub.log if event.kind == "sent"]
        assert sorted(sent) == ["chat", "chat-1"]


async def test_a_macro_answers_the_agents_of_its_group_only() -> None:
    [macro] = read('[[macro]]\nname = "A"\non = "type:ASK"\nsend = "ANSWER"\ntarget = "left"\n')
    async with (
        asyncio.timeout(GUARD),
        Hub(port=0, macros=[macro], groups={"left": ("chat-1",)}) as hub,
        raw_agent(hub.server) as other,
        raw_agent(hub.server, "/chat-1") as meant,
    ):
        await other.send("ASK\n")
        await logged(hub.log, lambda event: event.type == "ASK")
        await meant.send("ASK\n")
        await logged(hub.log, lambda event: event.kind == "sent" and event.agent == "chat-1")
        assert [event.agent for event in hub.log if event.kind == "sent"] == ["chat-1"]


async def test_a_wait_that_runs_out_fails_with_what_came_instead_and_runs_another_macro() -> None:
    macros = read(
        '[[macro]]\nname = "Wait"\nsteps = [{ wait = "type:NEVER", timeout = "50ms" }]\n'
        '[[macro]]\nname = "Both"\nsteps = [{ run = "Say" }]\n'
        '[[macro]]\nname = "Say"\nsend = "HELLO"\n'
    )
    async with (
        asyncio.timeout(GUARD),
        Hub(port=0, macros=macros) as hub,
        raw_agent(hub.server) as agent,
    ):
        await agent.send("BEFORE|1\n")
        await logged(hub.log, lambda event: event.type == "BEFORE")
        (waiting,) = hub.runner.fire(macros[0]).runs
        await hub.runner.wait_until_over(waiting)
        assert waiting.state == "failed"
        assert [event.type for event in waiting.recent] == ["", "BEFORE"]
        (both,) = hub.runner.fire(macros[1]).runs
        assert (await agent.recv(decode=True), both.state) == ("HELLO\n", "passed")
        assert hub.runner.tally(macros[1]).refused == ""


async def test_the_outcome_of_a_firing_says_why_nothing_began() -> None:
    macros = read(
        '[[macro]]\nname = "Skip"\nsteps = [{ wait = "type:NEVER" }]\n'
        '[[macro]]\nname = "Queue"\noverlap = "queue"\nsteps = [{ wait = "type:NEVER" }]\n'
    )
    async with asyncio.timeout(GUARD), Hub(port=0, macros=macros) as hub:
        none = hub.runner.fire(macros[0])
        assert (none.runs, none.outcome) == ((), "no agent")
        async with raw_agent(hub.server):
            outcomes = [hub.runner.fire(macro).outcome for macro in (*macros, *macros)]
            assert outcomes == ["started", "started", "skipped", "queued"]
            assert hub.runner.start(macros[0], "chat") is None
