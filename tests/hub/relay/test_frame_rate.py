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


def test_a_hundred_and_one_frames_in_a_whole_second_are_not_too_many():
    rate = FrameRate()
    assert not rate.should_warn(100, 0.0)
    assert not rate.should_warn(1, 1.0)


def test_after_ten_seconds_it_warns_again_and_not_before():
    rate = FrameRate()
    assert rate.should_warn(101, 0.0)
    assert not rate.should_warn(101, 9.9)
    assert rate.should_warn(101, 10.0)


def test_frames_of_long_ago_do_not_count():
    rate = FrameRate()
    rate.should_warn(50, 0.0)
    assert not rate.should_warn(100, 20.0)
    assert rate.should_warn(1, 20.5)
