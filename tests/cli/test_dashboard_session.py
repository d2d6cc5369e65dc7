"""What the dashboard is given to work with."""

from pathlib import Path

from mdxdash.cli.dashboard_session import live_session
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
