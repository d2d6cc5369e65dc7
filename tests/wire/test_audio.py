"""PCM to blocks."""

import pytest

from mdxdash.wire.audio import BLOCK_BYTES, SAMPLE_RATE, audio_blocks


def test_blocks_carry_their_length_and_no_newline():
    blocks = list(audio_blocks(bytes(3000)))
    assert [block[:7] for block in blocks] == [b"SND1280", b"SND1280", b"SND0440"]
    assert b"".join(block[7:] for block in blocks) == bytes(3000)


def test_a_block_has_40_ms_of_sound():
    assert BLOCK_BYTES == SAMPLE_RATE * 2 * 40 // 1000


@pytest.mark.parametrize("payload", [2, 4096])
def test_the_smallest_and_the_largest_payload(payload: int):
    assert list(audio_blocks(b"ab", payload)) == [b"SND0002ab"]
    assert next(audio_blocks(bytes(5000), payload))[:7] == b"SND%04d" % payload


def test_no_sound_has_no_block():
    assert list(audio_blocks(b"")) == []


@pytest.mark.parametrize(("payload", "shown"), [(0, "0"), (-2, "-2"), (3, "3"), (4098, "4,098")])
def test_impossible_payloads_are_refused(payload: int, shown: str):
    with pytest.raises(ValueError, match=r"^a block has 2 to 4,096 bytes in pairs") as caught:
        next(audio_blocks(b"ab", payload))
    assert str(caught.value).endswith(f"in pairs, not {shown}")


def test_half_a_sample_is_refused():
    with pytest.raises(ValueError, match=r"^16-bit PCM has an even number of bytes, not 1,001$"):
        next(audio_blocks(bytes(1001)))
