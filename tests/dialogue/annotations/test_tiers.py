"""Intervals as tiers."""

import pytest

from mdxdash.dialogue.annotations.tiers import (
    MOST_TIERS,
    Annotation,
    AnnotationError,
    annotate,
    require_few_tiers,
)
from tests.support.dialogues import BEGIN, Followed, follow, script


def test_times_count_from_the_first_event_and_open_ones_reach_the_last() -> None:
    followed = follow("1 RECOG_EVENT_START", "2 RECOG_EVENT_STOP|hi", "3 TIMER_EVENT_START|t")
    made = annotate(followed.intervals, BEGIN + 1, BEGIN + 5)
    assert [(tier.name, tier.annotations) for tier in made.tiers] == [
        ("user", [Annotation(0, 1000, "hi")]),
        ("timer t", [Annotation(2000, 4000, "timer")]),
    ]
    assert made.length == 4000


def test_what_takes_no_time_gets_a_millisecond_and_overlaps_nothing() -> None:
    followed = follow("0 RECOG_EVENT_STOP|a", "0 RECOG_EVENT_STOP|b")
    [tier] = annotate(followed.intervals, BEGIN, BEGIN).tiers
    assert tier.annotations == [Annotation(0, 1, "a"), Annotation(1, 2, "b")]


def test_the_label_says_what_is_special() -> None:
    followed = follow("0 RECOG_EVENT_START", "1 RECOG_EVENT_START")
    [tier] = annotate(followed.intervals, BEGIN, BEGIN + 1).tiers
    assert tier.annotations[0].label == "user (not recognised)"


def test_tiers_of_several_agents_are_named_for_them() -> None:
    events = script("0 RECOG_EVENT_STOP|a", agent="one") + script("0 RECOG_EVENT_STOP|a", agent="b")
    made = annotate(Followed(events).intervals, BEGIN, BEGIN)
    assert [tier.name for tier in made.tiers] == ["b user", "one user"]


def test_lanes_with_one_name_are_two_tiers() -> None:
    followed = follow("0 MOTION_EVENT_ADD|a b|c", "0 MOTION_EVENT_ADD|a|b c")
    made = annotate(followed.intervals, BEGIN, BEGIN + 1)
    assert [tier.name for tier in made.tiers] == ["a b c", "a b c'"]


def test_times_that_are_no_times_are_said() -> None:
    followed = follow("0 RECOG_EVENT_STOP|a")
    with pytest.raises(AnnotationError, match=r"events are 1\.7e\+308 s apart"):
        annotate(followed.intervals, 0.0, 1.7e308)


def test_more_tiers_than_a_tool_can_show_are_said() -> None:
    followed = follow("0 RECOG_EVENT_STOP|a")
    made = annotate(followed.intervals, BEGIN, BEGIN)
    made.tiers *= MOST_TIERS
    require_few_tiers(made)
    made.tiers.append(made.tiers[0])
    with pytest.raises(AnnotationError, match="10,001 tiers: expected 10,000 at most"):
        require_few_tiers(made)
