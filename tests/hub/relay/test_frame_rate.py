"""When a server's frames are too many for an agent."""

from mdxdash.hub.relay.frame_rate import FrameRate


def test_a_hundred_frames_a_second_are_not_too_many():
    rate = FrameRate()
    assert not any(rate.should_warn(1, number / 99) for number in range(1000))


def test_one_more_within_a_second_is():
    rate = FrameRate()
    assert [number for number in range(102) if rate.should_warn(1, number / 101)] == [100]


def test_it_is_told_once_in_ten_seconds():
    rate = FrameRate()
    told = [number / 200 for number in range(5000) if rate.should_warn(1, number / 200)]
    assert told == [0.5, 10.5, 20.5]


def test_one_that_is_split_into_many_counts_as_many():
    assert FrameRate().should_warn(750, 0.0)
    assert not FrameRate().should_warn(100, 0.0)
