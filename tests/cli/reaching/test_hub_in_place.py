"""The hub that listens already where another one would."""

import asyncio
from pathlib import Path

import pytest

from mdxdash.cli.reaching.hub_in_place import attach_hint, hub_in_place
from mdxdash.settings.model import Settings
from mdxdash.settings.tables.hub_section import HubSettings
from tests.support.faces import runtime_folder, session_in


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


def test_without_another_hub_nothing_more_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with runtime_folder(monkeypatch):
        monkeypatch.setattr("mdxdash.remote.running_hubs.hub_on_port", lambda port: 1 / 0)
        assert hub_in_place(Settings(tmp_path, HubSettings(port=9001))) is None
