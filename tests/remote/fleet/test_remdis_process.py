"""The process that listens to Remdis: what it is started with, and where it cannot be."""

from pathlib import Path

import msgspec
import pytest

from mdxdash.remote.fleet import remdis_process
from mdxdash.remote.fleet.broker_address import BrokerAddress
from mdxdash.remote.fleet.remdis_process import (
    CannotListenToRemdis,
    RemdisProcess,
    RemdisStart,
)
from mdxdash.settings.model import Settings
from mdxdash.settings.tables.remdis_section import RemdisSettings


def process(**fields: str) -> RemdisProcess:
    settings = Settings(Path("mdxdash.toml"), remdis=RemdisSettings(**fields))
    return RemdisProcess(settings, lambda text: None)


async def test_without_a_broker_there_is_no_process():
    here = process()
    await here.start("main")
    await here.close()
    here.kill()


@pytest.mark.parametrize(
    ("fields", "hub", "reason"),
    [
        ({"url": "amqp://"}, "main", "broker"),
        ({"url": "amqp://broker", "credentials": "/nowhere/at/all"}, "main", "/nowhere/at/all"),
        ({"url": "amqp://broker"}, "", "the hub has no control socket"),
    ],
)
async def test_where_it_cannot_listen_the_reason_is_said(
    fields: dict[str, str], hub: str, reason: str
):
    with pytest.raises(CannotListenToRemdis, match=reason):
        await process(**fields).start(hub)


async def test_without_the_library_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(remdis_process, "find_spec", lambda name: None)
    with pytest.raises(CannotListenToRemdis, match="pip install"):
        await process(url="amqp://broker").start("main")


def test_what_the_process_reads_first_holds_all_that_it_needs():
    start = RemdisStart("main", BrokerAddress.of("amqp://ken:secret@broker"))
    assert msgspec.json.decode(msgspec.json.encode(start), type=RemdisStart) == start
    assert "secret" not in repr(start)
