"""The history of sent lines: in memory, and in a file that somebody else may have changed."""

import os
import sys
from pathlib import Path

import pytest

from mdxdash.settings.sent_history import SentHistory


def test_lines_come_back_and_none_twice_in_a_row(tmp_path: Path) -> None:
    history = SentHistory(tmp_path / "folder" / "history.txt")
    added = history.add(["A|1", "A|1", "B"])
    assert added == ["A|1", "B"]
    history.save(added)
    assert history.lines == ["A|1", "B"]
    assert SentHistory(tmp_path / "folder" / "history.txt").lines == ["A|1", "B"]


def test_what_another_run_saved_meanwhile_stays_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "history.txt"
    first, second = SentHistory(path), SentHistory(path)
    first.save(first.add(["A"]))
    second.save(second.add(["B"]))
    assert second.lines == ["B"]
    assert SentHistory(path).lines == ["A", "B"]


def test_without_a_path_the_lines_are_kept_in_memory() -> None:
    history = SentHistory()
    history.save(history.add(["A"]))
    assert history.lines == ["A"]


def test_a_search_goes_back_from_an_index_whatever_the_case() -> None:
    history = SentHistory()
    history.add(["MODEL_ADD|a", "SYNTH_START", "MODEL_ADD|b"])
    assert history.search("model", 3) == 2
    assert history.search("model", 2) == 0
    assert history.search("model", 0) is None
    assert history.search("nothing", 3) is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes")
def test_a_pipe_in_its_place_is_neither_waited_for_nor_replaced(tmp_path: Path) -> None:
    path = tmp_path / "history.txt"
    os.mkfifo(path)
    history = SentHistory(path)
    assert history.lines == []
    history.save(history.add(["A"]))
    assert path.is_fifo()


def test_of_a_huge_file_the_end_is_read(tmp_path: Path) -> None:
    path = tmp_path / "history.txt"
    path.write_bytes(b"x" * 2**22 + b"\nLAST\n")
    assert SentHistory(path).lines[-1] == "LAST"
