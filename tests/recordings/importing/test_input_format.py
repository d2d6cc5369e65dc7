"""The pieces of a file between which events may be missing."""

from mdxdash.events.event import Event
from mdxdash.recordings.file_format import Gap, Header, Mark
from mdxdash.recordings.importing.input_format import Damage, Parsed, whole_lines

A, B, C = (Event(seq, 1e9, "received") for seq in (1, 2, 3))


def test_events_alone_are_one_piece() -> None:
    parsed = Parsed([A, B], [])
    assert list(parsed.pieces()) == [parsed]


def test_a_piece_begins_with_each_header_gap_and_damage() -> None:
    header, gap, damage = Header("mdxdash", 1), Gap(2, 3, "x"), Damage(4, "x")
    parsed = Parsed([A, B, C], [(0, header), (1, gap), (1, damage), (3, header)])
    assert list(parsed.pieces()) == [
        Parsed([], []),
        Parsed([A], [(0, header)]),
        Parsed([], [(0, gap)]),
        Parsed([B, C], [(0, damage)]),
        Parsed([], [(0, header)]),
    ]


def test_a_mark_stays_within_its_piece() -> None:
    mark, gap = Mark(1, True), Gap(2, 3, "x")
    parsed = Parsed([A, B, C], [(1, mark), (2, gap), (3, mark)])
    assert list(parsed.pieces()) == [
        Parsed([A, B], [(1, mark)]),
        Parsed([C], [(0, gap), (1, mark)]),
    ]


def test_whole_lines_end_after_the_last_newline() -> None:
    assert [whole_lines(data) for data in (b"", b"ab", b"ab\n", b"ab\ncd", b"\n\n")] == [
        0,
        0,
        3,
        3,
        2,
    ]


def test_neighbouring_damaged_lines_become_one_with_the_first_reason() -> None:
    parsed = Parsed([], [])
    for line, reason in ((1, "first"), (2, "second"), (5, "third")):
        parsed.add_damage(line, reason)
    assert parsed.others == [(0, Damage(1, "first", 5))]
    assert [Damage(7, "x").position, Damage(1, "x", 5).position] == ["7", "1-5"]


def test_damaged_lines_with_something_between_stay_apart() -> None:
    mark = Mark(1, True)
    parsed = Parsed([], [])
    parsed.add_damage(1, "first")
    parsed.events.append(A)
    parsed.add_damage(3, "second")
    parsed.others.append((1, mark))
    parsed.add_damage(5, "third")
    assert parsed.others == [
        (0, Damage(1, "first")),
        (1, Damage(3, "second")),
        (1, mark),
        (1, Damage(5, "third")),
    ]


def test_lines_that_were_searched_already_are_not_searched_again() -> None:
    assert [whole_lines(b"a\nbc\n", looked) for looked in (0, 2, 4, 5)] == [5, 5, 5, 0]
