"""The process beside a hub: what it is started with, and where it cannot be."""

import sys
from pathlib import Path

import msgspec
import pytest

from mdxdash.remote.fleet.broker_address import BrokerAddress
from mdxdash.remote.fleet.configured_broker import UnusableBroker
from mdxdash.remote.fleet.publishing import bridge_process
from mdxdash.remote.fleet.publishing.bridge_process import (
    BridgeProcess,
    BridgeStart,
    fleet_name,
)
from mdxdash.settings.model import Settings
from mdxdash.settings.tables.fleet_section import FleetSettings
from mdxdash.settings.tables.hub_section import HubSettings


def settings(hub: str | None = None, **fields: object) -> Settings:
    fleet = FleetSettings(**fields)  # type: ignore[arg-type]
    return Settings(Path("mdxdash.toml"), fleet=fleet, hub=HubSettings(name=hub))


def test_a_hub_is_named_by_its_settings_or_its_machine(monkeypatch: pytest.MonkeyPatch):
    assert fleet_name(settings("main", name="room-3")) == "room-3"
    assert fleet_name(settings("main")) == "main"
    for machine, name in (("lab-1.example.org", "lab-1"), ("ラボ", "hub"), ("a" * 99, "a" * 32)):
        monkeypatch.setattr(bridge_process.socket, "gethostname", lambda found=machine: found)
        assert fleet_name(settings()) == name


async def test_without_a_broker_there_is_no_process():
    process = BridgeProcess(settings(), lambda text: None)
    await process.start("main")
    await process.close()
    process.kill()


async def test_where_it_cannot_publish_it_does_not_start():
    with pytest.raises(UnusableBroker):
        await BridgeProcess(settings(url="amqp://"), lambda text: None).start("main")


def test_what_the_process_reads_first_holds_all_that_it_needs():
    address = BrokerAddress.of("amqp://ken:secret@broker")
    start = BridgeStart("main", "room-3", address, 1000, 0.02)
    assert msgspec.json.decode(msgspec.json.encode(start), type=BridgeStart) == start
    assert "secret" not in repr(start)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
async def test_a_password_that_others_can_read_is_an_event(tmp_path: Path):
    file = tmp_path / "credentials"
    file.write_text("ken:right\n", encoding="utf-8")
    file.chmod(0o644)
    told: list[str] = []
    process = BridgeProcess(settings(url="amqp://broker", credentials=str(file)), told.append)
    with pytest.raises(UnusableBroker):
        await process.start("")
    assert told[0].startswith(f"fleet: {file} with the password can be read by other users")
