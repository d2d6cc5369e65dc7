"""Which programs are started for the user, at which place in a file, and how they end."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from mdxdash.processes.child_process import CommandError
from mdxdash.programs.terminal_program import (
    editor_words,
    pager_environment,
    pager_words,
    run_in_terminal,
    with_file,
)

FILE = Path("macros.toml")


def test_the_variables_name_the_programs_and_visual_wins() -> None:
    assert editor_words({"VISUAL": "code --wait", "EDITOR": "nano"}) == ("code", "--wait")
    assert editor_words({"VISUAL": "", "EDITOR": "'my editor' -x"}) == ("my editor", "-x") or (
        sys.platform == "win32"
    )
    assert pager_words({"PAGER": "most"}) == ("most",)


def test_without_variables_there_are_the_systems_own() -> None:
    windows = sys.platform == "win32"
    assert editor_words({}) == ("notepad" if windows else "vi",)
    assert pager_words({}) == ("more" if windows else "less",)


def test_less_stays_whatever_its_options_are() -> None:
    assert pager_environment({"LESS": "FRX", "A": "1"}) == {"LESS": "FRX -+F", "A": "1"}
    assert pager_environment({}) == {"LESS": "-+F"}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["vi"], ["vi", "+7", "macros.toml"]),
        (["/usr/bin/vim.tiny", "-n"], ["/usr/bin/vim.tiny", "-n", "+7", "macros.toml"]),
        (["nano"], ["nano", "+7", "macros.toml"]),
        (["hx"], ["hx", "macros.toml:7"]),
        (["notepad"], ["notepad", "macros.toml"]),
    ],
)
def test_a_place_in_a_file_is_given_where_the_program_takes_one(
    words: list[str], expected: list[str]
) -> None:
    assert with_file(words, FILE, 7) == expected
    assert with_file(words, FILE)[-1] == "macros.toml"


async def test_the_exit_code_comes_back() -> None:
    words = [sys.executable, "-c", "raise SystemExit(3)"]
    assert await run_in_terminal(words, os.environ) == 3


async def test_a_program_that_does_not_exist_is_told() -> None:
    with pytest.raises(CommandError, match="nosuch-editor: there is no such program"):
        await run_in_terminal(["nosuch-editor", "x"], os.environ)


async def test_the_loop_goes_on_and_a_cancelled_program_is_ended(tmp_path: Path) -> None:
    began = tmp_path / "began"
    script = (
        f"import os, pathlib, time; began = pathlib.Path({str(began)!r}); "
        "new = began.with_suffix('.new'); new.write_text(str(os.getpid())); new.replace(began); "
        "time.sleep(60)"
    )
    running = asyncio.create_task(run_in_terminal([sys.executable, "-c", script], os.environ))
    while not began.exists():
        await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    if sys.platform != "win32":
        with pytest.raises(ProcessLookupError):
            os.kill(int(began.read_text()), 0)
