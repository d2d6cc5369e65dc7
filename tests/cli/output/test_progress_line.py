"""Progress on stderr, in a terminal and elsewhere."""

import asyncio
import sys

import pytest

from mdxdash.cli.output.progress_line import ProgressLine


async def work() -> None:
    await asyncio.sleep(0)


async def failing() -> None:
    raise ValueError("broken")


async def test_elsewhere_it_is_a_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressLine(lambda: "1 of 2") as line:
        await line.follow(work())
    assert capsys.readouterr().err == "1 of 2\n"


async def test_in_a_terminal_it_is_overwritten_and_erased(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with ProgressLine(lambda: "1 of 2") as line:
        await line.follow(work())
    assert capsys.readouterr().err == "\r\x1b[K1 of 2\r\x1b[K"


async def test_a_failure_of_the_work_is_raised() -> None:
    with ProgressLine(lambda: "") as line:
        with pytest.raises(ValueError, match="broken"):
            await line.follow(failing())
