"""`mdxdash compare`: what changed between two sessions."""

import json
from pathlib import Path

import pytest

from mdxdash.events.encoding import json_lines
from mdxdash.events.event import Event
from tests.support.changed_dialogues import delayed, without
from tests.support.dialogues import recorded_events
from tests.support.programs import mdxdash
from tests.support.recorded import RECORDINGS

DIALOGUE = RECORDINGS / "dialogue.jsonl"
EVENTS = recorded_events(DIALOGUE)


def written(tmp_path: Path, events: list[Event]) -> Path:
    path = tmp_path / "new.jsonl"
    path.write_bytes(b'{"format":"mdxdash","version":1}\n' + json_lines(events))
    return path


def test_slower_answers_end_it_with_1_if_that_is_asked_for(tmp_path: Path) -> None:
    new = written(tmp_path, delayed(EVENTS, lambda turn: 0.3 * (turn % 2)))
    done = mdxdash("compare", DIALOGUE, new, "--fail-slower", "20%")
    assert done.returncode == 1
    assert "slower by more than 20%" in done.stderr
    assert "27 turns alike" in done.stdout
    assert "That is more than the noise" in done.stdout
    assert mdxdash("compare", DIALOGUE, new).returncode == 0
    assert mdxdash("compare", new, DIALOGUE, "--fail-slower", "20").returncode == 0


def test_what_is_missing_is_listed(tmp_path: Path) -> None:
    lines = mdxdash("compare", DIALOGUE, written(tmp_path, without(EVENTS, {11}))).stdout
    assert "ありがとう (interrupts gene (3.6 of 6.6 s), cut off)" in lines
    assert lines.startswith("~") or lines.startswith("-")
    assert "1 missing" in lines


def test_json() -> None:
    found = json.loads(mdxdash("compare", DIALOGUE, DIALOGUE, "--json").stdout)
    assert (found["alike"], found["changed"], len(found["turns"])) == (27, False, 27)


@pytest.mark.parametrize("text", ["abc", "-5%", "inf"])
def test_a_percentage_is_needed(text: str) -> None:
    done = mdxdash("compare", DIALOGUE, DIALOGUE, f"--fail-slower={text}")
    assert done.returncode == 2
    assert "is no percentage such as 20%" in done.stderr
