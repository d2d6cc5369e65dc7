import pytest

from mdxdash.simulator.timing import QUIET, TICK, next_tick, next_write


def test_messages_are_taken_up_at_the_next_frame_of_the_loop() -> None:
    assert next_tick(10 * TICK) == pytest.approx(11 * TICK)
    assert next_tick(10.5 * TICK) == pytest.approx(11 * TICK)


def test_nothing_is_written_within_10_ms_of_input() -> None:
    assert next_write(last_input=1.0, ready=1.0) == pytest.approx(1.0 + QUIET)


def test_input_after_a_message_is_ready_puts_it_off() -> None:
    assert next_write(last_input=1.008, ready=1.0) == pytest.approx(1.008 + QUIET)


def test_what_is_ready_later_waits_for_the_end_of_the_running_look() -> None:
    assert next_write(last_input=1.0, ready=1.016) == pytest.approx(1.02)
