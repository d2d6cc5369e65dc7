"""The same reason is reported once within a while."""

from mdxdash.events.repetition import Repetition


def test_the_same_reason_is_held_back_for_a_while_and_then_counted():
    repetition = Repetition(1.0)
    assert repetition.held_back("full", 0.0) == 0
    assert [repetition.held_back("full", at) for at in (0.1, 0.5, 0.9)] == [None, None, None]
    assert repetition.held_back("full", 1.0) == 3
    assert repetition.held_back("full", 2.0) == 0


def test_different_reasons_do_not_hold_each_other_back():
    repetition = Repetition()
    assert [repetition.held_back(f"reason {number}", 0.0) for number in range(500)] == [0] * 500


def test_reasons_with_the_same_code_are_the_same():
    repetition = Repetition()
    held_back = [repetition.held_back(f"W102 {number} holds a bar", 0.0) for number in range(3)]
    assert held_back == [0, None, None]
