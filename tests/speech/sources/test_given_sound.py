"""Sound that another process gives piece by piece."""

import asyncio

import pytest

from mdxdash.speech.sources.given_sound import GivenSound
from mdxdash.speech.sources.sound import SoundError
from tests.support.waiting import GUARD


async def test_pieces_are_read_in_their_order_and_end_with_an_empty_one() -> None:
    sound = GivenSound("live")
    for piece in (b"ab", b"cd", b""):
        await sound.give(piece)
    assert [sound.read() for _ in range(3)] == [b"ab", b"cd", b""]
    with pytest.raises(SoundError, match="no more of it is spoken"):
        await sound.give(b"ef")


async def test_who_gives_too_much_waits_until_it_is_read() -> None:
    sound = GivenSound("live")
    for _ in range(3):
        await sound.give(b"ab")
    giving = asyncio.create_task(sound.give(b"cd"))
    await asyncio.sleep(0.05)
    assert not giving.done()
    sound.read()
    await asyncio.wait_for(giving, GUARD)


async def test_one_that_is_ended_wakes_who_reads_and_who_gives() -> None:
    sound = GivenSound("live")
    reading = asyncio.create_task(asyncio.to_thread(sound.read))
    await asyncio.sleep(0.01)
    sound.abort()
    assert await asyncio.wait_for(reading, GUARD) == b""
    with pytest.raises(SoundError):
        await sound.give(b"ab")
