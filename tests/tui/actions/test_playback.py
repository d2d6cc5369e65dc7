"""Which moment of a recording is shown, as time goes by."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mdxdash.tui.actions.playback import SPEEDS, Playback


@settings(max_examples=40)
@given(st.lists(st.tuples(st.floats(0, 3), st.sampled_from([-1, 0, 1])), max_size=20))
def test_it_moves_by_the_time_that_went_by_times_the_speed(steps: list[tuple[float, int]]) -> None:
    playback, now, wanted, speed = Playback(), 100.0, 1000.0, 0
    playback.play(1000.0, now)
    for seconds, by in steps:
        now += seconds
        wanted += seconds * SPEEDS[speed]
        assert abs(playback.advance(now, 1e9) - wanted) < 1e-6
        playback.change_speed(by)
        speed = max(0, min(len(SPEEDS) - 1, speed + by))
        assert playback.speed == SPEEDS[speed]


def test_it_pauses_at_the_end() -> None:
    playback = Playback()
    playback.play(10.0, 0.0)
    assert playback.advance(100.0, 20.0) == 20.0
    assert not playback.playing


def test_what_is_paused_stays_and_goes_on_without_a_jump() -> None:
    playback = Playback()
    playback.play(10.0, 0.0)
    playback.pause()
    assert playback.advance(50.0, 1e9) == 10.0
    playback.play(playback.position, 60.0)
    assert playback.advance(61.0, 1e9) == 11.0
