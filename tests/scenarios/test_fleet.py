"""Several hubs at a real broker: watched, driven, killed; and who may do what."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from mdxdash.events.event import Event
from mdxdash.remote.fleet.broker_address import BrokerAddress
from mdxdash.remote.fleet.broker_channel import Broker
from mdxdash.remote.fleet.broker_connection import BrokerError
from mdxdash.remote.fleet.messages import Command, encoded
from mdxdash.remote.fleet.watching.fleet_hub import Order
from mdxdash.wire.message import parse_message
from tests.support.fleets import fleet_member, there, watching
from tests.support.homes import home_environment
from tests.support.hub_clients import agent_at
from tests.support.rabbitmq import PASSWORD, RabbitMq, needs_rabbitmq, rabbitmq
from tests.support.waiting import GUARD, eventually

pytestmark = needs_rabbitmq


async def echo(connection: "object", count: int) -> None:
    """Sends back what comes, as an agent does."""
    for _ in range(count):
        await connection.send(await connection.recv(decode=False), text=True)  # type: ignore[attr-defined]


def received(log: "object", agent: str) -> list[str]:
    return [e.args for e in log if e.kind == "received" and e.agent == agent]  # type: ignore[attr-defined]


async def test_three_hubs_are_one_and_commands_reach_them(broker: RabbitMq, tmp_path: Path):
    async with AsyncExitStack() as stack:
        watch = await stack.enter_async_context(watching(broker.url_of("driver")))
        members, agents = {}, {}
        names = ("room-1", "room-2", "room-3")
        entering = [
            stack.enter_async_context(fleet_member(broker.url, name, tmp_path)) for name in names
        ]
        for name, member in zip(names, await asyncio.gather(*entering), strict=True):
            members[name] = member
            agents[name] = await stack.enter_async_context(agent_at(member.url))
        await there(watch, *(f"{name}/chat" for name in names))
        for name in names:
            for number in range(30):
                await agents[name].send(f"SAID|{name} {number}\n")
        await eventually(lambda: all(len(received(watch.log, f"{n}/chat")) == 30 for n in names))
        for name in names:
            assert received(watch.log, f"{name}/chat") == [f"{name} {n}" for n in range(30)]
        assert watch.reception.missing == 0

        # One hub is killed: it is seen, and a command finds two of three.
        members["room-2"].process.kill()
        await eventually(lambda: watch.hub.hubs["room-2"].gone)
        gone = [e for e in watch.log if e.kind == "fault" and e.agent == "room-2"]
        assert "room-2 is gone" in gone[-1].text
        assert not [agent for agent in watch.hub.connected if agent.name == "room-2/chat"]
        echoing = [asyncio.create_task(echo(agents[n], 1)) for n in ("room-1", "room-3")]
        order = Order(watch.hub.selected("room-*"), parse_message("HELLO|1"))
        outcome = await watch.carry_out(order)
        await asyncio.gather(*echoing)
        states = {name: at.state for name, at in outcome.at.items()}
        assert states == {
            "room-1/chat": "acknowledged",
            "room-2/chat": "not there",
            "room-3/chat": "acknowledged",
        }

        def logged(**fields: object) -> list[Event]:
            found = [e for e in watch.log if e.by == "fleet"]
            return [e for e in found if all(getattr(e, k) == v for k, v in fields.items())]

        await eventually(lambda: len(logged(kind="sent", type="HELLO")) == 2)
        await eventually(lambda: all(e.round_trip for e in logged(kind="sent", type="HELLO")))
        (who,) = logged(agent="room-1", kind="sent", type="")
        assert who.text == "driver: HELLO|1 to chat"
        (refused,) = logged(kind="refused")
        assert (refused.agent, refused.text) == ("room-2/chat", "not there")


async def test_a_user_that_may_only_watch_cannot_command(broker: RabbitMq, tmp_path: Path):
    async with (
        fleet_member(broker.url, "room-8", tmp_path) as member,
        agent_at(member.url) as agent,
        watching(broker.url_of("viewer")) as watch,
    ):
        await there(watch, "room-8/chat")
        await agent.send("SAID|1\n")
        await eventually(lambda: received(watch.log, "room-8/chat"))
        order = Order({"room-8": ("chat",)}, parse_message("HELLO|1"))
        outcome = await watch.carry_out(order)
        reason = outcome.at["room-8/chat"].text
        assert "the user viewer has no permission" in reason
        assert "mdxdash.commands" in reason
        with pytest.raises(BrokerError, match="wrong name or password"):
            address = BrokerAddress.of(broker.url).with_credentials("hub", "other-password")
            async with Broker(address, "test"):
                pass


async def test_a_connection_is_encrypted_where_its_certificate_is_trusted(broker: RabbitMq):
    url = broker.url.replace("amqp://", "amqps://").replace(str(broker.port), str(broker.tls_port))
    async with Broker(BrokerAddress.of(url, tls_ca=broker.certificate), "test") as connected:
        assert connected.user == "hub"
    with pytest.raises(BrokerError, match="self-signed certificate"):
        async with Broker(BrokerAddress.of(url), "test"):
            pass


async def test_no_credential_is_seen_anywhere(broker: RabbitMq, tmp_path: Path):
    log = tmp_path / "mdxdash.log"
    options = ("--log-file", str(log), "--verbose")
    async with (
        watching(broker.url) as watch,
        fleet_member(broker.url, "room-9", tmp_path, *options) as member,
        agent_at(member.url) as agent,
    ):
        await there(watch, "room-9/chat")
        await agent.send("SAID|1\n")
        await eventually(lambda: received(watch.log, "room-9/chat"))
        titles = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline")]
        assert any(b"fleet-bridge" in title for title in titles)
        assert not [title for title in titles if PASSWORD.encode() in title]
    files = [path for path in (*tmp_path.rglob("*.jsonl"), log) if path.is_file()]
    assert len(files) >= 2
    assert not [path for path in files if PASSWORD in path.read_text(encoding="utf-8")]
    config = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "mdxdash", "config", "show"],
        env=home_environment(tmp_path) | {"MDXDASH_FLEET_URL": broker.url},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert PASSWORD not in config.stdout
    assert "127.0.0.1" in config.stdout


def told_dropped(home: Path) -> int:
    """How many events were not published, by what the hub in that home has recorded."""
    texts = [path.read_text("utf-8") for path in home.rglob("*.jsonl")]
    found = re.findall(r"fleet: ([\d,]+) events were not published", "\n".join(texts))
    return sum(int(count.replace(",", "")) for count in found)


async def test_a_broker_killed_under_load_costs_no_count(tmp_path: Path):
    with rabbitmq() as node:
        async with (
            watching(node.url) as watch,
            fleet_member(node.url, "room-1", tmp_path, MDXDASH_FLEET_BUFFER="1 MiB") as member,
            agent_at(member.url) as agent,
        ):
            await there(watch, "room-1/chat")

            async def load() -> None:
                number = 0
                while not stop.is_set():
                    for _ in range(20):
                        number += 1
                        await agent.send(f"SAID|{number}\n")
                    await asyncio.sleep(0.01)
                sent.append(number)

            stop, sent = asyncio.Event(), list[int]()
            loading = asyncio.create_task(load())
            await eventually(lambda: len(watch.log) > 200)
            hub = watch.hub.hubs["room-1"]
            assert hub.presence is not None
            presence = hub.presence
            # What the hub had published before anybody watched is expected by nobody.
            await eventually(lambda: hub.presence is not presence)
            before = hub.presence.published - hub.expected
            assert hub.missing == 0
            await asyncio.to_thread(node.kill)
            await eventually(lambda: not watch.connected)
            await asyncio.sleep(1)
            await asyncio.to_thread(node.start)
            await eventually(lambda: watch.connected)
            resumed = len(watch.log)
            await eventually(lambda: len(watch.log) > resumed + 200)
            stop.set()
            await loading
            # Nothing comes any more: all that was numbered is seen, or is missing.
            last = f"SAID|{sent[0]}"
            await eventually(lambda: received(watch.log, "room-1/chat")[-1] == last[5:])
            presence = hub.presence
            await eventually(lambda: hub.presence is not presence)
            assert hub.presence is not None
            assert before + hub.expected == hub.presence.published
            assert hub.missing > 0 < hub.dropped
            dropped = hub.dropped
            assert agent.close_code is None
    assert member.process.returncode in (0, -signal.SIGTERM)
    # The hub says so by an event, too: whoever was not yet back when it came has missed that one.
    assert told_dropped(member.home) == dropped


async def test_a_latecomer_reads_history_from_the_stream_queue(broker: RabbitMq, tmp_path: Path):
    async with (
        fleet_member(broker.url, "room-7", tmp_path) as member,
        agent_at(member.url) as agent,
    ):
        async with watching(broker.url, only="room-7") as first:
            await there(first, "room-7/chat")
            await agent.send("SAID|early\n")
            await eventually(lambda: received(first.log, "room-7/chat"))
        async with watching(broker.url, only="room-7", since=60.0) as late:
            await agent.send("SAID|late\n")
            await eventually(lambda: received(late.log, "room-7/chat") == ["early", "late"])


async def test_the_shell_lists_and_sends(broker: RabbitMq, tmp_path: Path):
    environment = home_environment(tmp_path) | {
        "MDXDASH_FLEET_URL": broker.url,
        "XDG_RUNTIME_DIR": os.environ["XDG_RUNTIME_DIR"],
    }

    async def run(*arguments: str, before: tuple[str, ...] = ("broker",)) -> tuple[int | None, str]:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "mdxdash", *before, *arguments),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=environment,
            cwd=tmp_path,
        )
        output, _ = await asyncio.wait_for(process.communicate(), GUARD)
        return process.returncode, output.decode()

    async with (
        fleet_member(broker.url, "room-6", tmp_path) as member,
        agent_at(member.url) as agent,
        watching(broker.url) as watch,
    ):
        await there(watch, "room-6/chat")
        echoing = asyncio.create_task(echo(agent, 1))
        (_, status), (_, listed), (code, sent), (none, missing) = await asyncio.gather(
            run("status", "--name", "room-6", before=()),
            run("list"),
            run("send", "room-6/chat", "HELLO|1"),
            run("send", "room-0/chat", "HELLO|1"),
        )
        await echoing
        assert f"publishes at {broker.shown} as room-6" in status
        assert re.search(r"room-6 +there +1 of 1", listed)
        assert (code, sent.split(" in ")[0]) == (0, "room-6/chat: acknowledged")
        assert (none, missing) == (1, "room-0/chat: not there\n")
        echoing = asyncio.create_task(echo(agent, 1))
        assert await run("fire", "room-6", "Test message") == (0, "room-6: sent: started\n")
        await echoing
        # The dashboard knows of it, and fires and stops it, too.
        (macro,) = watch.macros.macros
        await eventually(lambda: watch.macros.tally(macro).fired == 1)
        echoing = asyncio.create_task(echo(agent, 1))
        assert (await watch.macros.request_fire(macro)).outcome == "started"
        await echoing
        await eventually(lambda: watch.macros.tally(macro).fired == 2)
        # Its steps are seen here, with the events that they made.
        runs = watch.macros.runs.records
        await eventually(lambda: [run.state for run in runs] == ["passed", "passed"])
        assert {run.agent for run in runs} == {"room-6/chat"}
        assert all(step.ended is not None for run in runs for step in run.steps)
        assert runs[0].steps
        outcome = await watch.carry_out(Order({"room-6": ()}, stop_macro=macro.name))
        assert outcome.text == "stop macro Test message: sent: stopped (room-6)"
        assert "macro Test message: sent: started (room-6)" in watch.take_news()


async def test_a_command_is_carried_out_once_and_not_when_it_is_late(
    broker: RabbitMq, tmp_path: Path
):
    async with (
        fleet_member(broker.url, "room-4", tmp_path) as member,
        agent_at(member.url) as agent,
        watching(broker.url_of("driver"), only="room-4") as watch,
        Broker(BrokerAddress.of(broker.url_of("driver")), "test") as sender,
    ):
        await there(watch, "room-4/chat")
        echoing = asyncio.create_task(echo(agent, 2))
        now = time.time()
        once = Command("id-1", "nobody", now + 5, ("chat",), "ONCE|1")
        late = Command("id-2", "nobody", now - 1, ("chat",), "LATE|1")
        last = Command("id-3", "nobody", now + 5, ("chat",), "LAST|1")
        for command in (once, once, late, once, last):
            await sender.command("room-4", encoded(command), 5.0)
        await echoing

        def sent() -> list[str]:
            return [event.type for event in watch.log if event.kind == "sent" and event.type]

        await eventually(lambda: "LAST" in sent())
        assert sent() == ["ONCE", "LAST"]
        refused = [event.text for event in watch.log if "was refused" in event.text]
        assert len(refused) == 1
        assert "it has expired 1." in refused[0]


async def test_nothing_is_missing_while_the_broker_is_there(broker: RabbitMq, tmp_path: Path):
    async with (
        fleet_member(broker.url, "room-5", tmp_path) as member,
        agent_at(member.url) as agent,
        watching(broker.url, only="room-5") as watch,
    ):
        await there(watch, "room-5/chat")
        # Over several times at which the hub says that it is there.
        for number in range(400):
            await agent.send(f"SAID|{number}\n")
            await asyncio.sleep(0.01)
        await eventually(lambda: len(received(watch.log, "room-5/chat")) == 400)
        assert watch.reception.missing == 0
        assert not [event for event in watch.log if event.kind == "fault"]
