"""When the lines of stdin wait for the agents' queues, and when they no longer do."""

from mdxdash.cli.stdin_commands import STALLED_AFTER, Backlog

LIMIT = 10


def test_a_short_queue_is_not_waited_for() -> None:
    backlog = Backlog(LIMIT)
    assert not backlog.must_wait([("chat", LIMIT), ("chat-1", 0)], 0.0)


def test_a_long_queue_is_waited_for_while_it_gets_shorter() -> None:
    backlog = Backlog(LIMIT)
    for step in range(20):
        assert backlog.must_wait([("chat", 100 - step)], step * STALLED_AFTER * 0.9)
    assert not backlog.must_wait([("chat", LIMIT)], 100.0)


def test_a_queue_that_does_not_get_shorter_is_no_longer_waited_for() -> None:
    backlog = Backlog(LIMIT)
    assert backlog.must_wait([("chat", 100)], 0.0)
    assert backlog.must_wait([("chat", 100)], STALLED_AFTER * 0.9)
    assert not backlog.must_wait([("chat", 100)], STALLED_AFTER)
    # Lines that are added meanwhile are no progress.
    assert not backlog.must_wait([("chat", 200)], STALLED_AFTER * 2)


def test_a_stalled_queue_that_moves_again_is_waited_for() -> None:
    backlog = Backlog(LIMIT)
    for length, now in ((100, 0.0), (100, 1.0)):
        backlog.must_wait([("chat", length)], now)
    assert backlog.must_wait([("chat", 99)], 1.1)


def test_a_stalled_queue_costs_the_others_nothing() -> None:
    backlog = Backlog(LIMIT)
    assert backlog.must_wait([("stalled", 100), ("chat", 0)], 0.0)
    waits = [backlog.must_wait([("stalled", 100 + n), ("chat", 0)], 1.0 + n) for n in range(100)]
    assert not any(waits)
    assert backlog.must_wait([("stalled", 300), ("chat", 100)], 200.0)
