"""A hub without a terminal: what it prints, and where."""

import asyncio
import sys
from pathlib import Path

import pytest

from mdxdash.cli.hosting.background_hub import NotStarted, run_hub
from mdxdash.cli.output.diagnostics import only_logged, report
from tests.support.faces import session_in


async def test_it_runs_until_a_face_stops_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = session_in(tmp_path)
    session.stop_wanted.set()
    await run_hub(session, checks=True, log_file=None)
    assert capsys.readouterr().err == f"hub main listening on {session.hub.url}\n"


async def test_a_hub_that_no_command_could_find_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setattr(
        "mdxdash.remote.control_folder.control_folder", lambda: tmp_path / "file" / "mdxdash"
    )
    with pytest.raises(NotStarted, match="other processes cannot attach to this hub"):
        await run_hub(session_in(tmp_path), checks=False, log_file=None)


def test_what_nobody_reads_is_only_logged(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with only_logged(), caplog.at_level("INFO"):
        report("to nobody")
    report("to somebody")
    assert "to nobody" in caplog.text
    assert capsys.readouterr().err == "to somebody\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
async def test_what_a_crash_prints_is_in_the_log_file(tmp_path: Path) -> None:
    log_file = tmp_path / "mdxdash.log"
    program = (
        "import os, pathlib\n"
        "from mdxdash.cli.hosting.background_hub import _output_into\n"
        f"with _output_into(pathlib.Path({str(log_file)!r})):\n"
        "    os.write(2, b'crashed'); print('printed', flush=True)\n"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program), stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    assert output == b""
    assert log_file.read_text(encoding="utf-8") == "crashedprinted\n"
    assert log_file.stat().st_mode & 0o777 == 0o600
