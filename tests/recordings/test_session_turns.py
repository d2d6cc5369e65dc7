"""The turns of a file."""

from pathlib import Path

import pytest

from mdxdash.recordings.importing.detection import RecordingError
from mdxdash.recordings.session_turns import read_turns
from tests.support.recorded import RECORDINGS


def test_all_turns_are_complete_and_in_order() -> None:
    turns = read_turns(RECORDINGS / "dialogue.jsonl")
    assert [turn.number for turn in turns] == list(range(1, len(turns) + 1))
    assert all(turn.complete for turn in turns)
    assert sum(not turn.unasked for turn in turns) == 19


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="none"):
        read_turns(tmp_path / "none")
