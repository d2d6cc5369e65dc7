"""The pauses between the starts of a program."""

from mdxdash.programs.backoff import FIRST, LONGEST, STEADY_AFTER, Backoff


def test_pauses_double_up_to_the_longest_and_begin_anew_after_a_steady_run() -> None:
    backoff = Backoff()
    pauses = [backoff.pause(0.1) for _ in range(8)]
    assert pauses[:3] == [FIRST, FIRST * 2, FIRST * 4]
    assert pauses[-1] == LONGEST
    assert backoff.pause(STEADY_AFTER) == FIRST
