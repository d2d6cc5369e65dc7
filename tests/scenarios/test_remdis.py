"""The traffic of Remdis at a real broker, shown by the command, and a unit put in."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from pathlib import Path
from typing import Any

import aio_pika

from tests.support.fleets import eventually, fleet_member
from tests.support.homes import home_environment
from tests.support.rabbitmq import RabbitMq, needs_rabbitmq
from tests.support.remdis_traffic import ABORTING, turn
from tests.support.waiting import GUARD

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
        channel: Any = await connection.channel()
        exchanges = {
            name: await channel.declare_exchange(name, aio_pika.ExchangeType.FANOUT)
            for name in {exchange for exchange, _ in turn()}
        }
        before = {line.split()[0] for line in broker.control("-q", "list_exchanges").splitlines()}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "mdxdash", "remdis", "--into", "remdis-hub"),
            *(part for name in exchanges for part in ("--exchange", name)),
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
            for exchange, data in turn():
                await exchanges[exchange].publish(aio_pika.Message(data), "")
            for exchange, data, _ in ABORTING:
                await exchanges[exchange].publish(aio_pika.Message(data), "")
            text = ""
            async with asyncio.timeout(GUARD):
                while not all(reason in text for _, _, reason in ABORTING) or "ain" not in text:
                    text += (await process.stdout.readline()).decode()
        finally:
            process.terminate()
            await process.wait()
        rows = [" ".join(line.split()[1:]) for line in text.splitlines()]
        assert "✓ asr 今日は天気は (1 revoked)" in rows
        assert "✓ dialogue 晴れです。" in rows
        assert "✓ tts 1.00 s level 0.50" in rows
        assert "✓ ain 0.20 s level 0.30" in rows
        assert any(row.startswith("turn 今日は天気は: dialogue 0.") for row in rows)
        assert "! tts would end the agent: without data_type" in rows
        assert "! tts would end the agent: body is null" in rows
        assert "! dialogue2 would end the agent: not JSON" in rows
        after = {line.split()[0] for line in broker.control("-q", "list_exchanges").splitlines()}
        assert after == before
        (recording,) = hub.home.rglob("*.jsonl")

        def recorded() -> list[dict[str, Any]]:
            lines = recording.read_text("utf-8").splitlines()[1:]
            return [event for event in map(json.loads, lines) if event.get("agent") == "remdis"]

        await eventually(lambda: len(recorded()) >= len(exchanges) + len(ABORTING))
        of_remdis = recorded()
        assert [event["text"] for event in of_remdis if event["module"] == "asr"] == [
            "asr: 今日は天気は  (1 revoked)"
        ]
        assert {event["kind"] for event in of_remdis} == {"log", "fault"}
        assert sum(event["kind"] == "fault" for event in of_remdis) == 3


def _bindings(broker: RabbitMq) -> list[str]:
    names = {exchange for exchange, _ in turn()}
    lines = broker.control("-q", "list_bindings", "source_name").splitlines()
    return [line for line in lines if line.strip() in names]


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
