"""The broker of a section of the settings, and where it cannot be used."""

import sys
from pathlib import Path

import pytest

from mdxdash.remote.fleet import configured_broker as module
from mdxdash.remote.fleet.broker_address import BrokerAddress
from mdxdash.remote.fleet.configured_broker import UnusableBroker, configured_broker
from mdxdash.settings.tables.remdis_section import RemdisSettings


async def found(hub: str = "main", **fields: str) -> BrokerAddress | None:
    return await configured_broker(RemdisSettings(**fields), hub, lambda text: None)


async def test_there_may_be_none():
    assert await found() is None


async def test_it_is_read_with_its_file(tmp_path: Path):
    file = tmp_path / "credentials"
    file.write_text("ken:right\n", encoding="utf-8")
    address = await found(url="amqp://broker", credentials=str(file))
    assert address is not None
    assert (address.host, address.user, address.password) == ("broker", "ken", "right")


@pytest.mark.parametrize(
    ("fields", "hub", "reason"),
    [
        ({"url": "amqp://"}, "main", "broker"),
        ({"url": "amqp://broker", "credentials": "/nowhere/at/all"}, "main", "/nowhere/at/all"),
        ({"url": "amqp://broker"}, "", "the hub has no control socket"),
    ],
)
async def test_why_it_cannot_be_used_is_said(fields: dict[str, str], hub: str, reason: str):
    with pytest.raises(UnusableBroker, match=reason):
        await found(hub, **fields)


async def test_without_the_library_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(UnusableBroker, match="pip install"):
        await found(url="amqp://broker")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
async def test_a_password_that_others_can_read_is_reported(tmp_path: Path):
    file = tmp_path / "credentials"
    file.write_text("ken:right\n", encoding="utf-8")
    file.chmod(0o644)
    told: list[str] = []
    section = RemdisSettings(url="amqp://broker", credentials=str(file))
    await configured_broker(section, "main", told.append)
    assert told == [
        f"{file} with the password can be read by other users of this machine (chmod 600)"
    ]
