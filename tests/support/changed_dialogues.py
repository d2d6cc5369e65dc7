"""The real dialogue as it would have been recorded with slower answers, or with turns left out."""

from collections.abc import Callable, Collection
from random import Random

import msgspec

from mdxdash.events.event import Event

ANSWERING = ("SYNTH_", "LIPSYNC_")
"""The beginnings of the types of an answer's events."""


def delayed(events: list[Event], delay: Callable[[int], float]) -> list[Event]:
    """The answers come later, by the seconds that `delay` returns for the number of their turn."""
    turn, answering, changed = 0, False, []
    for event in events:
        if event.type.startswith("RECOG_EVENT"):
            answering = event.type == "RECOG_EVENT_STOP"
            turn += answering
        by = delay(turn) if answering and event.type.startswith(ANSWERING) else 0.0
        changed.append(msgspec.structs.replace(event, time=event.time + by))
    return numbered(sorted(changed, key=lambda event: event.time))


def without(events: list[Event], turns: Collection[int]) -> list[Event]:
    """What happened from the user's words to the next ones is left out."""
    turn, kept = 0, []
    for event in events:
        turn += event.type == "RECOG_EVENT_START"
        if turn not in turns:
            kept.append(event)
    return numbered(kept)


def again(events: list[Event], seed: int) -> list[Event]:
    """Another run of the same script: each answer up to four frames later."""
    random = Random(seed)
    by = [random.uniform(0.0, 0.12) for _ in range(100)]
    return delayed(events, lambda turn: by[turn])


def numbered(events: list[Event]) -> list[Event]:
    return [msgspec.structs.replace(event, seq=seq) for seq, event in enumerate(events, start=1)]
