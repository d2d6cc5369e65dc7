"""What the dashboard is given to work with."""

import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from mdxdash.cli.dashboards.live_session import live_session
from mdxdash.settings.resolution import resolve
from tests.support.waiting import logged


def test_without_recording_there_is_neither_file_nor_older_events(tmp_path: Path) -> None:
    settings = resolve({"recording_enabled": False}, {}, None, tmp_path)
    session = live_session(settings, demo=False, record_file=None)
    assert (session.recording(), session.recording_file, session.older) == (
        "not recording",
        None,
        None,
    )


async def test_the_demonstration_has_an_agent_as_long_as_its_services_run(tmp_path: Path) -> None:
    settings = resolve({"port": 0, "recording_enabled": False}, {}, None, tmp_path)
    session = live_session(settings, demo=True, record_file=None)
    hub_session, stand_in = session.services
    async with hub_session:
        async with stand_in:
            await logged(session.log, lambda event: event.kind == "connected")
        await logged(session.log, lambda event: event.kind == "disconnected")


async def test_the_demonstration_is_recorded_into_a_temporary_folder_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    settings = resolve({"port": 0, "recording_directory": "/no/such"}, {}, None, tmp_path)
    session = live_session(settings, demo=True, record_file=None)
    assert session.recording_file is not None
    assert session.recording_file.parent.parent == tmp_path
    folder = str(session.recording_file.parent)
    assert any(folder in line for line in session.take_news())
    assert not session.take_news()


@pytest.mark.parametrize("kept", [[], ["notes.txt"]])
async def test_the_folder_of_the_demonstration_is_removed_unless_something_else_is_in_it(
    kept: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    settings = resolve({"port": 0}, {}, None, tmp_path)
    session = live_session(settings, demo=True, record_file=None)
    file = session.recording_file
    assert file is not None
    async with AsyncExitStack() as stack:
        for service in session.services:
            await stack.enter_async_context(service)
        await logged(session.log, lambda event: event.kind == "connected")
        for name in kept:
            (file.parent / name).touch()
    assert [each.name for each in tmp_path.glob("mdxdash-demo-*/*")] == kept
    assert file.parent.exists() == bool(kept)
