"""Going back through what was sent."""

from mdxdash.settings.sent_history import SentHistory
from mdxdash.tui.panes.composing.sent_lines import SentLines


def sent(*lines: str) -> SentLines:
    history = SentHistory()
    history.add(lines)
    return SentLines(history)


def test_it_goes_back_and_on_to_a_new_line_and_stops_at_the_ends() -> None:
    lines = sent("A|1", "B|1")
    assert [lines.step(-1) for _ in range(3)] == [["B|1"], ["A|1"], ["A|1"]]
    assert [lines.step(1) for _ in range(3)] == [["B|1"], [], []]


def test_a_search_goes_on_further_back() -> None:
    lines = sent("HELLO|1", "B|1", "HELLO|2")
    assert [lines.search("hello") for _ in range(3)] == [["HELLO|2"], ["HELLO|1"], None]
    assert lines.step(1) == ["B|1"]


def test_what_is_sent_is_counted_and_the_newest_and_no_line_twice_in_a_row() -> None:
    lines = sent("A|1")
    lines.step(-1)
    assert lines.add(["A|1", "A|2"]) == ["A|2"]
    assert (lines.types["A"], lines.newest) == (3, "A|2")
    assert lines.step(-1) == ["A|2"]
