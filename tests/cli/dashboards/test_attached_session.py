"""What a dashboard on a hub in another process is given, and what one in a browser is not."""

from pathlib import Path

import pytest

from mdxdash.cli.dashboards.attached_session import attached_session
from mdxdash.remote.attached.line_channel import LineChannel
from mdxdash.settings.resolution import resolve
from mdxdash.tui.app_context import AppContext
from tests.support.scripted_hub import agent_state, welcome


async def nowhere() -> LineChannel:
    raise ConnectionRefusedError


def context_in(folder: Path, **options: bool) -> AppContext:
    first = welcome(settings_file=str(folder / "mdxdash.toml"), recording_file="/r/s.jsonl")
    settings = resolve({}, {}, None, folder)
    return attached_session(settings, nowhere, first, **options)[0]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path))


def test_macros_are_edited_in_the_file_of_the_hub_and_a_report_is_written_here(
    tmp_path: Path,
) -> None:
    context = context_in(tmp_path)
    assert context.macro_file is not None
    assert context.macro_file.path == tmp_path / "mdxdash.toml"
    assert context.recording_file == Path("/r/s.jsonl")
    context.log.append("fault", agent_state().name, text="the sky falls")
    assert context.write_report is not None
    report = context.write_report(context.alerts.alerts[0])
    assert "the sky falls" in report.read_text(encoding="utf-8")


def test_who_only_reads_edits_nothing(tmp_path: Path) -> None:
    assert context_in(tmp_path, read_only=True).macro_file is None


def test_in_a_browser_no_file_is_touched(tmp_path: Path) -> None:
    context = context_in(tmp_path, in_browser=True)
    assert context.macro_file is None
    assert context.write_report is None
    context.keep_theme("nord")
    context.history.save(context.history.add(["HELLO"]))
    assert not list(tmp_path.iterdir())


def test_without_a_connection_it_says_so(tmp_path: Path) -> None:
    assert "not connected to the hub yet" in context_in(tmp_path).warning()
