"""The traffic of Remdis at a real broker, shown by the command, and a unit put in."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from pathlib import Path
from typing import Any

import aio_pika
import msgspec

from mdxdash.dialogue.exchanges import EXCHANGES
from mdxdash.events.event import Event
from tests.support.dialogues import Followed
from tests.support.fleets import fleet_member
from tests.support.homes import home_environment
from tests.support.rabbitmq import RabbitMq, needs_rabbitmq
from tests.support.remdis_traffic import ABORTING, Traffic, interruption, turn, unit
from tests.support.waiting import GUARD, eventually

pytestmark = needs_rabbitmq


def environment(broker: RabbitMq, home: Path) -> dict[str, str]:
    runtime = {"XDG_RUNTIME_DIR": os.environ["XDG_RUNTIME_DIR"]}
    return (
        home_environment(home)
        | runtime
        | {
            "MDXDASH_FLEET_URL": broker.url_of("remdis"),
            "PYTHONUNBUFFERED": "1",
        }
    )


async def mdxdash(broker: RabbitMq, home: Path, *arguments: str) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mdxdash", "remdis", *arguments),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=STDOUT,
        env=environment(broker, home),
        cwd=home,
    )
    output, _ = await asyncio.wait_for(process.communicate(), GUARD)
    return process.returncode, output.decode()


async def test_a_dialogue_is_shown_folded_and_only_listened_to(broker: RabbitMq, tmp_path: Path):
    async with (
        await aio_pika.connect(broker.url_of("remdis")) as connection,
        fleet_member("", "remdis-hub", tmp_path) as hub,
    ):
        channel: Any = await connection.channel(publisher_confirms=False)
        exchanges = {
            name: await channel.declare_exchange(name, aio_pika.ExchangeType.FANOUT)
            for name in EXCHANGES
        }
        before = {line.split()[0] for line in broker.control("-q", "list_exchanges").splitlines()}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "mdxdash", "remdis", "--into", "remdis-hub"),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
            env=environment(broker, tmp_path),
            cwd=tmp_path,
        )
        try:
            assert process.stdout is not None
            # Its queues are there when each exchange has one.
            async with asyncio.timeout(GUARD):
                while len(_bindings(broker)) < len(exchanges):
                    await asyncio.sleep(0.1)
            await publish(exchanges, [each for each in turn() if each[0] < 2.2] + interruption())
            await publish(exchanges, [(0.0, exchange, data) for exchange, data, _ in ABORTING])
            text = ""
            async with asyncio.timeout(GUARD):
                while not all(reason in text for _, _, reason in ABORTING) or "score" not in text:
                    text += (await process.stdout.readline()).decode()
        finally:
            process.terminate()
            await process.wait()
        rows = [" ".join(line.split()[1:]) for line in text.splitlines()]
        assert [
            row for row in rows if not row.startswith(("✓ ain", "✓ tts", "✓ score", "turn"))
        ] == [
            "✓ vap USER_TAKE_TURN",
            "✓ bc はい",
            "✓ dialogue はい",
            "✓ emo_act action nod",
            "✓ dialogue2 action nod",
            "✓ asr 今日は天気は (1 revoked)",
            "✓ vap SYSTEM_TAKE_TURN",
            "✓ dialogue2 expression joy, action nod",
            "✓ dialogue 晴れです。",
            "✓ vap USER_TAKE_TURN",
            "✕ dialogue2 expression joy, action nod (revoked)",
            "✕ dialogue 晴れです。 (revoked)",
            "✓ asr 待って",
            "! tts would end the agent: without data_type",
            "! tts would end the agent: body is null",
            "! dialogue2 would end the agent: not JSON",
        ]
        assert any(row.startswith("✓ ain 1.") and row.endswith("level 0.30") for row in rows)
        assert "✓ tts 0.05 s level 0.50" in rows
        assert "✓ tts 0.40 s level 0.50" in rows
        assert "✓ score p_now 0.25, p_future 0.75" in rows
        (measured,) = (row for row in rows if row.startswith("turn"))
        assert measured.startswith("turn 今日は天気は: ")
        assert [part.split()[1] for part in measured.split(" = ")[1].split(" + ")] == [
            *("asr", "dialogue", "tts"),
        ]
        after = {line.split()[0] for line in broker.control("-q", "list_exchanges").splitlines()}
        assert after == before
        (recording,) = hub.home.rglob("*.jsonl")

        def of_remdis() -> list[Event]:
            lines = recording.read_bytes().splitlines()[1:]
            events = [msgspec.json.decode(line, type=Event) for line in lines if b'"seq"' in line]
            return [event for event in events if event.agent == "remdis"]

        await eventually(lambda: any(event.module == "score" for event in of_remdis()))
        recorded = of_remdis()
        assert sum(event.kind == "fault" for event in recorded) == 3
        # A recording of it has the lanes and the turns.
        followed = Followed(recorded)
        assert {each.lane.slot for each in followed.intervals} == set(EXCHANGES)
        first, second = followed.turns
        assert (first.words, first.text, second.words) == ("今日は天気は", "晴れです。", "待って")
        assert first.latency is not None
        assert first.latency > 0.3
        assert second.interruptions[0].cut


async def test_a_hub_listens_by_itself_where_its_settings_say_so(broker: RabbitMq, tmp_path: Path):
    async with await aio_pika.connect(broker.url_of("remdis")) as connection:
        channel: Any = await connection.channel(publisher_confirms=False)
        found = await channel.declare_exchange("asr", aio_pika.ExchangeType.FANOUT)
        # As somebody who may only listen.
        own = {"MDXDASH_REMDIS_URL": broker.url_of("listener")}
        async with fleet_member("", "remdis-own", tmp_path, **own) as hub:
            async with asyncio.timeout(GUARD):
                while not any(line.strip() == "asr" for line in _bindings(broker)):
                    await asyncio.sleep(0.1)
            for update, body in (("add", "はい"), ("commit", "")):
                await found.publish(aio_pika.Message(unit(update, body)), "")
            (recording,) = hub.home.rglob("*.jsonl")
            await eventually(lambda: "はい".encode() in recording.read_bytes())
            assert b'"by":"remdis"' in recording.read_bytes()
            assert b"listens at " in recording.read_bytes()
        # Its process has ended with it.
        titles = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline")]
        assert not any(b"remdis-rows" in title for title in titles)


async def publish(exchanges: dict[str, Any], traffic: Traffic) -> None:
    """Publishes units at their times."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    for seconds, exchange, data in traffic:
        if (ahead := began + seconds - loop.time()) > 0.002:
            await asyncio.sleep(ahead)
        await exchanges[exchange].publish(aio_pika.Message(data), "")


def _bindings(broker: RabbitMq) -> list[str]:
    lines = broker.control("-q", "list_bindings", "source_name").splitlines()
    return [line for line in lines if line.strip() in EXCHANGES]


async def test_a_unit_is_put_in_checked(broker: RabbitMq, tmp_path: Path):
    async with await aio_pika.connect(broker.url_of("remdis")) as connection:
        channel: Any = await connection.channel()
        for name in ("asr", "tts"):
            found = await channel.declare_exchange(name, aio_pika.ExchangeType.FANOUT)
            queue = await channel.declare_queue(exclusive=True)
            await queue.bind(found, "")
        results = await asyncio.gather(
            mdxdash(broker, tmp_path, "put", "tts", "x"),
            mdxdash(broker, tmp_path, "put", "tts", "x", "--to-agent"),
            mdxdash(broker, tmp_path, "put", "nowhere", "x"),
            mdxdash(broker, tmp_path, "put", "tts", "AAAA", "--to-agent", "--data-type", "audio"),
        )
        assert results[0] == (1, results[0][1])
        assert "an agent consumes tts" in results[0][1]
        assert "it would end the agent: without data_type" in results[1][1]
        assert "has no exchange nowhere" in results[2][1]
        assert results[3] == (0, "")
        message = await queue.get(timeout=GUARD)
        assert b'"data_type": "audio"' in message.body
