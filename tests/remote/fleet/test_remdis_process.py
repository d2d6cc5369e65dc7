"""The process that listens to Remdis: what it is started with, and where it cannot be."""

from pathlib import Path

import msgspec
import pytest

from mdxdash.remote.fleet.broker_address import BrokerAddress
from mdxdash.remote.fleet.configured_broker import UnusableBroker
from mdxdash.remote.fleet.remdis_process import RemdisProcess, RemdisStart
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


async def test_where_it_cannot_listen_it_does_not_start():
    with pytest.raises(UnusableBroker):
        await process(url="amqp://").start("main")


def test_what_the_process_reads_first_holds_all_that_it_needs():
    start = RemdisStart("main", BrokerAddress.of("amqp://ken:secret@broker"))
    assert msgspec.json.decode(msgspec.json.encode(start), type=RemdisStart) == start
    assert "secret" not in repr(start)
