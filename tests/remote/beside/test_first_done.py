"""Works side by side: how they end."""

import asyncio

import pytest

from mdxdash.remote.beside.first_done import first_done


class Waiting:
    """A work that goes on until it is cancelled."""

    def __init__(self) -> None:
        self.is_cancelled = False

    async def run(self) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            self.is_cancelled = True


async def returns() -> None:
    await asyncio.sleep(0)


async def fails() -> None:
    raise BrokenPipeError


async def test_the_first_that_is_done_ends_the_others():
    waiting = Waiting()
    await first_done(waiting.run(), returns())
    assert waiting.is_cancelled


async def test_what_the_first_raises_is_raised():
    waiting = Waiting()
    with pytest.raises(BrokenPipeError):
        await first_done(waiting.run(), fails())
    assert waiting.is_cancelled


async def test_who_is_cancelled_ends_them_all():
    all_of_them = Waiting(), Waiting()
    running = asyncio.create_task(first_done(*(each.run() for each in all_of_them)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait([running])
    assert running.cancelled()
    assert all(each.is_cancelled for each in all_of_them)
