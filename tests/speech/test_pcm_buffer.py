"""Sound on its way to the agent."""

from mdxdash.speech.pcm_buffer import FULL_AT, PcmBuffer


def test_sound_is_taken_in_its_order_however_it_was_added() -> None:
    buffer = PcmBuffer()
    for byte in range(10):
        buffer.append(bytes([byte]))
    assert (len(buffer), buffer.made) == (10, 10)
    assert buffer.copy() == bytes(range(10))
    assert buffer.take(4) + buffer.take(100) == bytes(range(10))
    assert (len(buffer), buffer.made) == (0, 10)


def test_half_a_sample_waits_for_its_other_half() -> None:
    buffer = PcmBuffer()
    buffer.append(b"abc")
    assert buffer.take(100) == b"ab"
    buffer.append(b"d")
    assert buffer.take(100) == b"cd"


def test_it_says_when_something_has_changed_and_when_it_is_full() -> None:
    calls: list[int] = []
    buffer = PcmBuffer()
    buffer.on_change = lambda: calls.append(len(buffer))
    buffer.append(bytes(FULL_AT))
    assert buffer.is_full
    buffer.finish("broken")
    assert (calls, buffer.complete, buffer.failure) == ([FULL_AT, FULL_AT], True, "broken")
    buffer.clear()
    assert len(buffer) == 0
