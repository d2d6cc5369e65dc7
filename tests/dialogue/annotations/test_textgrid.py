"""TextGrids as Praat's users read them."""

from pathlib import Path

import pytest

from mdxdash.dialogue.annotations.tiers import Annotations, annotate
from tests.support.dialogues import BEGIN, Followed, recorded_events
from tests.support.recorded import RECORDINGS

textgrid = pytest.importorskip("praatio.textgrid", reason="the extra `annotations`")


def read(annotations: Annotations, path: Path) -> object:
    from mdxdash.dialogue.annotations.textgrid import textgrid_bytes

    path.write_bytes(textgrid_bytes(annotations))
    return textgrid.openTextgrid(str(path), includeEmptyIntervals=False)


def test_a_dialogue_is_read_back(tmp_path: Path) -> None:
    events = recorded_events(RECORDINGS / "dialogue.jsonl")
    made = annotate(Followed(events).intervals, events[0].time, events[-1].time)
    grid = read(made, tmp_path / "a.TextGrid")
    assert list(grid.tierNames) == [tier.name for tier in made.tiers]
    for tier in made.tiers:
        found = [
            (round(start * 1000), round(end * 1000), label)
            for start, end, label in grid.getTier(tier.name).entries
        ]
        assert found == [tuple(each) for each in tier.annotations]
    assert "こんにちは" in [each[2] for each in grid.getTier("user").entries]


def test_nothing_is_a_grid_too(tmp_path: Path) -> None:
    grid = read(annotate([], BEGIN, BEGIN), tmp_path / "a.TextGrid")
    assert not grid.getTier("user").entries
