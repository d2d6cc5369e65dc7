"""PCM to blocks."""

import pytest

from mdxdash.wire.audio import audio_blocks


def test_blocks_carry_their_length_and_no_newline():
    blocks = list(audio_blocks(bytes(3000)))
    assert [block[:7] for block in blocks] == [b"SND1280", b"SND1280", b"SND0440"]
    assert b"".join(block[7:] for block in blocks) == bytes(3000)


@pytest.mark.parametrize("payload", [0, 3, 4098])
def test_impossible_payloads_are_refused(payload: int):
    with pytest.raises(ValueError, match="a block has"):
        next(audio_blocks(b"ab", payload))


def test_half_a_sample_is_refused():
    with pytest.raises(ValueError, match="even number of bytes"):
        next(audio_blocks(b"abc"))
