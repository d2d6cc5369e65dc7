"""The commands that read a file, on files that are odd in every way."""

from pathlib import Path

import pytest

from mdxdash.cli.commands.export import command as export
from mdxdash.cli.commands.replay import command as replay
from mdxdash.cli.commands.stats import command as stats
from tests.support.odd_lines import ODD_LINES
from tests.support.programs import call


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
