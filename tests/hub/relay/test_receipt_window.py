"""The window of messages on their way: small for who takes few, wide for who takes many."""

import pytest

from mdxdash.hub.relay.receipt_window import SMALLEST, SPAN, ReceiptWindow


def acknowledged(a_second: int, seconds: float, each: int = 1) -> ReceiptWindow:
    """The window after that many messages a second, acknowledged some at a time."""
    window = ReceiptWindow()
    for number in range(int(a_second * seconds) // each):
        window.acknowledge(each, 100 + number * each / a_second)
    return window


def test_it_begins_small() -> None:
    assert ReceiptWindow().size(100.0) == SMALLEST


@pytest.mark.parametrize("a_second", [1, 100, 1_000])
def test_a_slow_upstream_keeps_it_small(a_second: int) -> None:
    assert acknowledged(a_second, 2).size(102.0) == SMALLEST


@pytest.mark.parametrize("each", [1, 16, 500])
def test_in_a_flood_it_has_what_is_taken_in_the_span(each: int) -> None:
    size = acknowledged(200_000, 0.5, each).size(100.5)
    assert 200_000 * SPAN - each <= size <= 200_000 * SPAN + each


def test_after_a_pause_it_is_small_again() -> None:
    window = acknowledged(200_000, 0.5)
    assert window.size(101.0) == SMALLEST
    window.acknowledge(1, 101.0)
    assert window.size(101.0) == SMALLEST
