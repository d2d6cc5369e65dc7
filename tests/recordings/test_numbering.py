"""Numbering the events of a file from 1 without a gap."""

from typing import Any

import msgspec
import pytest

from mdxdash.events.event import Event
from mdxdash.recordings.file_format import Gap, Header, Mark
from mdxdash.recordings.importing.input_format import UNKNOWN_SEQ, Damage, Parsed
from mdxdash.recordings.numbering import Numbering

Other = Header | Gap | Mark | Damage


def event(seq: int, **fields: Any) -> Event:
    plain = Event(seq, 1e9 + seq, "received", "chat", "TEST")
    return msgspec.structs.replace(plain, **fields)


def parsed(*lines: Event | Other) -> Parsed:
    """A piece of a file of these lines."""
    piece = Parsed([], [])
    for line in lines:
        if isinstance(line, Event):
            piece.events.append(line)
        else:
            piece.others.append((len(piece.events), line))
    return piece


def numbered(*pieces: Parsed, whole: bool = True) -> list[Event]:
    numbering = Numbering(whole=whole)
    return [each for piece in pieces for each in numbering.take(piece)]


def seqs(events: list[Event]) -> list[int]:
    return [each.seq for each in events]


def faults(events: list[Event]) -> list[str]:
    return [each.text for each in events if each.kind == "fault"]


def test_consecutive_numbers_stay_and_so_do_the_events() -> None:
    first, second = [event(1), event(2)], [event(3)]
    assert numbered(parsed(*first), parsed(*second)) == [*first, *second]


def test_events_without_a_number_are_numbered() -> None:
    unnumbered = [event(UNKNOWN_SEQ) for _ in range(3)]
    assert seqs(numbered(parsed(*unnumbered))) == [1, 2, 3]


def test_a_recording_that_begins_later_begins_with_1() -> None:
    found = numbered(parsed(event(7), event(8, echo=7), event(9, echo=6)))
    assert [(each.seq, each.echo) for each in found] == [(1, None), (2, 1), (3, UNKNOWN_SEQ)]


def test_missing_numbers_become_a_fault_at_the_time_of_the_next_event() -> None:
    found = numbered(parsed(event(1), event(1004)))
    assert faults(found) == ["1,002 events are missing from the recording"]
    assert (found[1].seq, found[1].time, found[1].agent) == (2, 1e9 + 1004, "")


def test_numbers_that_go_back_become_a_fault() -> None:
    found = numbered(parsed(event(5), event(6), event(2), event(3, echo=2)))
    assert faults(found) == ["the recording counts 2 after 6"]
    assert [(each.seq, each.echo) for each in found] == [
        (1, None),
        (2, None),
        (3, None),
        (4, None),
        (5, 4),
    ]


def test_nothing_is_missing_from_a_part_of_a_recording() -> None:
    found = numbered(parsed(event(1), event(9), event(10, echo=9)), whole=False)
    assert faults(found) == []
    assert [(each.seq, each.echo) for each in found] == [(1, None), (2, None), (3, 2)]


def test_a_gap_is_one_fault_with_its_reason() -> None:
    found = numbered(parsed(event(1), Gap(2, 1001, "disk full"), event(1002)))
    assert faults(found) == ["1,000 events were not recorded: disk full"]
    assert seqs(found) == [1, 2, 3]
    assert found[1].time == 1e9 + 1


def test_a_gap_before_the_first_event_has_the_time_of_that_event() -> None:
    found = numbered(parsed(Header("mdxdash", 1), Gap(1, 4, "x"), event(5), event(6)))
    assert [(each.seq, each.time) for each in found] == [(1, 1e9 + 5), (2, 1e9 + 5), (3, 1e9 + 6)]


def test_a_damaged_line_explains_the_number_that_is_missing() -> None:
    found = numbered(parsed(event(1), Damage(1003, "truncated"), event(3)))
    assert faults(found) == ["line 1,003 of the recording is damaged: truncated"]


def test_a_gap_explains_only_the_numbers_right_after_it() -> None:
    found = numbered(parsed(event(1), Gap(2, 3, "x"), event(4), event(9)))
    assert faults(found) == [
        "2 events were not recorded: x",
        "4 events are missing from the recording",
    ]


def test_each_run_in_a_file_counts_from_1() -> None:
    run = (event(1), event(2, echo=1))
    found = numbered(parsed(*run, Header("mdxdash", 1), *(event(1), event(2, echo=1))))
    assert faults(found) == []
    assert [(each.seq, each.echo) for each in found] == [(1, None), (2, 1), (3, None), (4, 3)]


def test_an_event_that_is_missing_is_not_mistaken_for_another() -> None:
    found = numbered(parsed(event(1), event(2), Gap(3, 5, "x"), event(6), event(7, echo=4)))
    assert found[-1].echo == UNKNOWN_SEQ


def test_marks_are_of_our_numbers_and_can_be_removed() -> None:
    numbering = Numbering()
    numbering.take(parsed(event(1), Gap(2, 4, "x"), event(5), Mark(5, True), Mark(1, True)))
    assert numbering.marked == {3, 1}
    numbering.take(parsed(Mark(5, False)))
    assert numbering.marked == {1}


@pytest.mark.parametrize("split", range(1, 6))
def test_numbering_continues_from_a_bookmark(split: int) -> None:
    def lines() -> list[Event | Other]:
        return [event(1), Gap(2, 3, "x"), event(4), event(7), event(8, echo=4), event(9)]

    expected = numbered(parsed(*lines()))
    numbering = Numbering()
    before = numbering.take(parsed(*lines()[:split]))
    bookmark = numbering.bookmark()
    after = numbering.take(parsed(*lines()[split:]))
    assert before + after == expected
    numbering.go_to(bookmark)
    assert numbering.take(parsed(*lines()[split:])) == after
    other = Numbering()
    other.go_to(bookmark)
    assert other.take(parsed(*lines()[split:])) == after


def test_consecutive_pieces_of_any_length_are_one_sequence() -> None:
    """Pieces without a gap are passed on without looking at each event."""
    pieces = [(1, 2, 3), (4,), (5, 6), (7, 8)]
    found = numbered(*(parsed(*map(event, piece)) for piece in pieces))
    assert seqs(found) == list(range(1, 9))
    assert faults(found) == []


@pytest.mark.parametrize(
    ("after", "numbers", "missing"),
    [
        ((5, 6), [5, 6], []),
        ((6, 7), [5, 6, 7], ["one event is missing from the recording"]),
        ((5, 7), [5, 6, 7], ["one event is missing from the recording"]),
        ((4, 5), [5, 6, 7], ["the recording counts 4 after 4"]),
    ],
)
def test_what_is_missing_after_consecutive_pieces_is_found(
    after: tuple[int, ...], numbers: list[int], missing: list[str]
) -> None:
    numbering = Numbering()
    for piece in ((1, 2), (3, 4)):
        numbering.take(parsed(*map(event, piece)))
    found = numbering.take(parsed(*map(event, after)))
    assert seqs(found) == numbers
    assert faults(found) == missing


def test_a_gap_after_consecutive_pieces_has_the_time_of_the_last_event() -> None:
    numbering = Numbering()
    for piece in ((1, 2), (3, 4)):
        numbering.take(parsed(*map(event, piece)))
    [fault, last] = numbering.take(parsed(Gap(5, 6, "x"), event(7, echo=4)))
    assert (fault.seq, fault.time) == (5, 1e9 + 4)
    assert (last.seq, last.echo) == (6, 4)


def test_a_fault_after_a_damaged_line_and_consecutive_pieces_is_not_explained() -> None:
    numbering = Numbering()
    numbering.take(parsed(event(1), Damage(3, "x")))
    numbering.take(parsed(event(2), event(3)))
    numbering.take(parsed(event(4), event(5)))
    assert faults(numbering.take(parsed(event(9)))) == ["3 events are missing from the recording"]
