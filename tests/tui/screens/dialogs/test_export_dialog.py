"""Exporting what is shown."""

from pathlib import Path

import pytest

from mdxdash.recordings.opening import open_recording
from mdxdash.tui.screens.dialogs.export_dialog import ExportDialog
from tests.support.dashboards import Dashboard, running_dashboard
from tests.tui.dashboard.test_recorded import complete, opened, recorded
from tests.tui.screens.test_older_events import outlived

__all__ = ["recorded"]


async def export(dashboard: Dashboard, name: str | Path) -> None:
    """Asks for an export into a file."""
    await dashboard.press("X")
    assert isinstance(dashboard.app.screen, ExportDialog)
    dashboard.app.screen._file.value = str(name)
    await dashboard.press("enter")


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv", "out.html", "out.txt"])
async def test_what_the_filter_shows_is_written_in_the_format_of_the_ending(
    recorded: Path, tmp_path: Path, name: str
):
    async with opened(recorded) as dashboard:
        await complete(dashboard)
        dashboard.panes.filter_bar.text = "type:TYPE_1"
        await dashboard.until(lambda: len(dashboard.panes.stream.view) == 67)
        await export(dashboard, tmp_path / name)
        await dashboard.until(lambda: dashboard.notified("Exported 67 events"))
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert text.count("TYPE_1") == 67
    assert "TYPE_2" not in text


async def test_an_export_is_a_recording_again(recorded: Path, tmp_path: Path):
    async with opened(recorded) as dashboard:
        await complete(dashboard)
        await export(dashboard, tmp_path / "out.jsonl")
        await dashboard.until(lambda: dashboard.notified("Exported 200 events"))
        read = [e for chunk in open_recording(tmp_path / "out.jsonl").read_chunks() for e in chunk]
        assert read == list(dashboard.log)


async def test_a_file_that_exists_is_asked_about(tmp_path: Path):
    existing = tmp_path / "out.txt"
    existing.write_text("mine", encoding="utf-8")
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.issue(agent, "HELLO")
        await export(dashboard, existing)
        await dashboard.until(lambda: "Enter again overwrites it" in dashboard.screen())
        assert existing.read_text(encoding="utf-8") == "mine"
        await dashboard.press("enter")
        await dashboard.until(lambda: "HELLO" in existing.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("out.xls", "ends in one of"),
        ("nowhere/out.csv", "expected a file in a folder"),
        ("session.jsonl", "the recording itself"),
    ],
)
async def test_what_cannot_be_written_says_why(
    recorded: Path, tmp_path: Path, name: str, says: str
):
    before = recorded.read_bytes()
    async with opened(recorded) as dashboard:
        await complete(dashboard)
        await export(dashboard, tmp_path / name)
        await dashboard.until(lambda: says in dashboard.screen())
        await dashboard.press("escape")
        assert dashboard.panes.stream.has_focus
    assert recorded.read_bytes() == before


async def test_what_has_left_memory_comes_from_the_recording(tmp_path: Path):
    async with outlived(tmp_path) as dashboard:
        older = dashboard.log.first_seq - 1
        held = 1000 - older
        dashboard.panes.filter_bar.text = "type:TYPE_1"
        await dashboard.press("X")
        said = f"Looks through {older} events in the recording, {held} in memory."
        await dashboard.until(lambda: said in dashboard.screen())
        await dashboard.press("escape")
        await export(dashboard, tmp_path / "out.jsonl")
        parts = f"500 events to {tmp_path / 'out.jsonl'}: {(older + 1) // 2} from the recording"
        await dashboard.until(lambda: dashboard.notified(parts))
    read = [e for chunk in open_recording(tmp_path / "out.jsonl").read_chunks() for e in chunk]
    assert [event.args for event in read] == [str(seq) for seq in range(1, 1001, 2)]


async def test_without_a_recording_it_says_what_is_left_out(tmp_path: Path):
    async with outlived(tmp_path) as dashboard:
        dashboard.app.context.older = None
        older = dashboard.log.first_seq - 1
        await dashboard.press("X")
        await dashboard.until(lambda: f"{older} older ones are lost" in dashboard.screen())
        await dashboard.press("escape")
        await export(dashboard, tmp_path / "out.csv")
        await dashboard.until(lambda: dashboard.notified(f"{older} older ones are in no recording"))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("~no-such-user-here/x.csv", "there is no such home folder"),
        ("n" * 300 + ".csv", "File name too"),
    ],
)
async def test_a_name_that_no_file_can_have_is_told(tmp_path: Path, name: str, says: str):
    async with running_dashboard(tmp_path) as dashboard:
        await export(dashboard, name)
        await dashboard.until(lambda: says in dashboard.screen())
        assert isinstance(dashboard.app.screen, ExportDialog)
