"""Prints the turns of a running hub, each when it is complete."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from mdxdash.cli.output.standard_output import NEWLINE, is_terminal
from mdxdash.dialogue.tracker import Dialogue
from mdxdash.dialogue.turn import Turn
from mdxdash.dialogue.turn_formats import HEAD, turn_json, turn_line
from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.events.printable import escape_json

_EXPIRY_INTERVAL: Final = 1.0
"""Seconds between two looks for turns that ended because nothing more was said."""


@asynccontextmanager
async def turns_printed(
    log: EventLog, passes: Callable[[Event], bool], format_: str, put: Callable[[bytes], None]
) -> AsyncIterator[None]:
    """Hands the line of each turn to `put`, as `text` or `jsonl`, if one of its events passes. What
    goes on at the end is printed then."""
    dialogue = Dialogue(on_turn=lambda turn: show(turn) if turn.complete else None)

    def show(turn: Turn) -> None:
        if any(passes(log[seq]) for seq in turn.events if seq in log):
            put(_line(turn, format_))

    if format_ == "text":
        put(HEAD.encode() + NEWLINE)
    unsubscribe = log.subscribe(dialogue.add)
    expiry = asyncio.create_task(_expire(dialogue))
    try:
        yield
    finally:
        expiry.cancel()
        unsubscribe()
        dialogue.finish()


async def _expire(dialogue: Dialogue) -> None:
    while True:
        await asyncio.sleep(_EXPIRY_INTERVAL)
        dialogue.expire(time.time())


def _line(turn: Turn, format_: str) -> bytes:
    if format_ == "text":
        return turn_line(turn).encode("utf-8", "replace") + NEWLINE
    line = turn_json(turn) + NEWLINE
    return escape_json(line) if is_terminal() else line
