"""The clock of a hub, by the messages that needed the least time."""

from mdxdash.remote.fleet.watching.clock_offset import ClockOffset


def test_the_fastest_message_tells_it():
    clock = ClockOffset()
    for delay in (0.9, 0.01, 0.3):
        clock.observe(1_000 + 5, 1_000 + delay)
    assert clock.seconds == 1_005 - 1_000.01
    assert clock.text == "clock 5.0 s ahead"


def test_what_is_small_is_not_worth_showing():
    clock = ClockOffset()
    assert clock.text == ""
    clock.observe(1_000, 1_000.2)
    assert clock.text == ""
    clock = ClockOffset()
    clock.observe(1_000, 1_003)
    assert clock.text == "clock 3.0 s behind"
    clock = ClockOffset()
    clock.observe(1_000, 1_000 + 86_400)
    assert clock.text == "clock 24 h behind"
