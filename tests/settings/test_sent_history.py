"""The history of sent lines: what somebody else may have put in its place."""

import os
import sys
from pathlib import Path

import pytest

from mdxdash.settings.sent_history import History


def test_lines_come_back_and_none_twice_in_a_row(tmp_path: Path) -> None:
    history = History(tmp_path / "folder" / "history.txt")
    history.add(["A|1", "A|1", "B"])
    assert history.lines() == ["A|1", "B"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes")
def test_a_pipe_in_its_place_is_neither_waited_for_nor_replaced(tmp_path: Path) -> None:
    path = tmp_path / "history.txt"
    os.mkfifo(path)
    history = History(path)
    assert history.lines() == []
    history.add(["A"])
    assert path.is_fifo()


def test_of_a_huge_file_the_end_is_read(tmp_path: Path) -> None:
    path = tmp_path / "history.txt"
    path.write_bytes(b"x" * 2**22 + b"\nLAST\n")
    assert History(path).lines()[-1] == "LAST"
