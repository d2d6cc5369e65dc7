"""The commands that read a file: a session by its name, and files that are odd in every way."""

import shutil
from pathlib import Path

import pytest

from mdxdash.cli.commands.export import command as export
from mdxdash.cli.commands.replay import command as replay
from mdxdash.cli.commands.stats import command as stats
from tests.support.odd_lines import ODD_LINES
from tests.support.programs import call
from tests.support.recorded import RECORDINGS


@pytest.mark.parametrize("fragment", ODD_LINES, ids=range(len(ODD_LINES)))
@pytest.mark.parametrize("before", [b"", b'{"format":"mdxdash","version":1}\n', b"< A|b\n"])
def test_no_file_ends_a_command_with_a_traceback(
    tmp_path: Path, fragment: bytes, before: bytes
) -> None:
    path = tmp_path / "odd"
    path.write_bytes(before + fragment + fragment[: len(fragment) // 2])
    for command, options in (
        (stats, ()),
        (stats, ("--json",)),
        (export, ("--format", "text")),
        (export, ("--format", "html", "--filter", "last:10s")),
        (replay, ("--filter", "type:NONE")),
    ):
        result = call(command, str(path), *options)
        assert result.exit_code in (0, 2), result.output


@pytest.mark.parametrize("name", ["2026-11-25T11-49-29", "2026-11-25T11-49-29.jsonl"])
def test_a_session_is_found_by_its_name(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MDXDASH_RECORDING_DIRECTORY", str(tmp_path / "recordings"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "recordings").mkdir()
    shutil.copy(RECORDINGS / "messages.jsonl", tmp_path / "recordings/2026-11-25T11-49-29.jsonl")
    assert call(stats, name).exit_code == 0
    (tmp_path / name).write_text("nothing to read", encoding="utf-8")
    assert call(stats, name).exit_code == 2  # a file here comes first
    assert call(stats, f"./{name}x").exit_code == 2
