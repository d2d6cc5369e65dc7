"""Which running hub a command means, or stands in its place."""

import asyncio
from pathlib import Path

import pytest

from mdxdash.cli.running_hubs import attach_hint, hub_in_place, welcome_of
from mdxdash.settings.hub_section import HubSettings
from mdxdash.settings.model import Settings
from tests.support.faces import runtime_folder, session_in


def test_without_a_hub_it_says_how_one_is_started(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with runtime_folder(monkeypatch):
        with pytest.raises(SystemExit) as ended:
            welcome_of(None)
        assert ended.value.code == 2
        assert "no hub runs; `mdxdash serve` starts one" in capsys.readouterr().err
        with pytest.raises(SystemExit):
            welcome_of("robot")
        assert "no hub named robot runs" in capsys.readouterr().err


async def test_the_only_hub_is_the_one_that_is_meant_and_of_several_one_must_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with runtime_folder(monkeypatch):
        async with session_in(tmp_path, recording_enabled=False):
            assert (await asyncio.to_thread(welcome_of, None)).name == "main"
            async with session_in(tmp_path, recording_enabled=False, name="robot"):
                assert (await asyncio.to_thread(welcome_of, "robot")).name == "robot"
                with pytest.raises(SystemExit):
                    await asyncio.to_thread(welcome_of, None)
    assert "several hubs run: main, robot; name one" in capsys.readouterr().err


async def test_the_hub_on_the_same_port_is_found_and_can_be_attached_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with runtime_folder(monkeypatch):
        async with session_in(tmp_path, recording_enabled=False) as session:
            same = Settings(tmp_path, HubSettings(port=session.hub.port))
            found = await asyncio.to_thread(hub_in_place, same)
            assert found is not None and found.name == "main"
            assert "mdxdash attach main" in await asyncio.to_thread(attach_hint, same)
            for port in (0, 1):
                other = Settings(tmp_path, HubSettings(port=port))
                assert not await asyncio.to_thread(attach_hint, other)
