"""An interval: something that an agent or its user did from one time to another, in a lane.

A lane is a row of the timeline: the user's speech, one model's speech, one motion slot, a timer.
The intervals of one lane do not overlap.
"""

from collections.abc import Iterable
from typing import Literal, get_args

import msgspec

from mdxdash.dialogue.exchanges import EXCHANGES

LaneKind = Literal[
    "user",
    "speech",
    "file",
    "lips",
    "motion",
    "prompt",
    "timer",
    "sound",
    "model",
    "macro",
    "remdis",
]
"""What happens in a lane:

* `user`: the user speaks.
* `speech`: a model speaks, synthesised from text. `file`: it plays speech from a sound file.
* `lips`: its mouth moves. `motion`: it plays a motion. `model`: it is on the stage.
* `timer`, `sound`, `prompt`: a timer runs, a sound is played, the user is asked to choose.
* `macro`: mdxdash runs a macro.
* `remdis`: a module of Remdis says something; the slot is its exchange.
"""

_KINDS: tuple[LaneKind, ...] = get_args(LaneKind)

Ending = Literal[
    "",
    "stopped",
    "replaced",
    "deleted",
    "cancelled",
    "not recognised",
    "no end seen",
    "disconnected",
    "failed",
]
"""Why an interval ended, where it did not end by itself:

* `stopped`, `deleted`, `cancelled`: by a command. `replaced`: by a new one of the same key.
* `not recognised`: what the user said gave no words. `failed`: the macro's run failed.
* `no end seen`: its end is missing among the events. `disconnected`: the agent was lost.
"""

CUT: frozenset[Ending] = frozenset({"stopped", "replaced", "deleted"})
"""The endings of speech that was cut off."""


class Lane(msgspec.Struct, frozen=True, gc=False):
    """The key of a lane."""

    agent: str
    kind: LaneKind
    model: str = ""
    """The model's alias, for what a model does."""
    slot: str = ""
    """The alias of the motion, timer or sound; the name of the macro; the exchange."""

    @property
    def name(self) -> str:
        """The lane's name without its agent: `user`, `gene speech`, `gene action`, `timer blink`.
        What the network sent is in it as it came."""
        match self.kind:
            case "user" | "prompt":
                return self.kind
            case "motion":
                return f"{self.model} {self.slot}"
            case "speech" | "file" | "lips" | "model":
                return f"{self.model} {self.kind}"
            case "remdis":
                return self.slot
        return f"{self.kind} {self.slot}"


class Interval(msgspec.Struct, frozen=True, gc=False):
    """What happened from `begin` to `end`. When it changes, a new one with its number replaces it;
    what has an end never changes again."""

    number: int
    """Counts the intervals of a session, from 1."""
    lane: Lane
    begin: float
    """Unix time, seconds."""
    end: float | None = None
    """Unix time; None while it goes on. Equal to `begin` for what takes no time."""
    text: str = ""
    """What was said, the file that was played, what was chosen."""
    detail: str = ""
    """More about it: the style of the voice, `FULL LOOP`."""
    ending: Ending = ""
    """Why it ended; empty if it ended by itself, or goes on."""
    uncertain: bool = False
    """The text may be that of another one."""
    predicted: float | None = None
    """How long it was to take when it began, seconds; None if nothing said so."""
    events: tuple[int, ...] = ()
    """The `seq` of the events that it is made of, the first and the latest ones."""

    @property
    def was_cut(self) -> bool:
        """Whether it ended before its time."""
        return self.ending in CUT


def in_order(lanes: Iterable[Lane]) -> list[Lane]:
    """Returns lanes as they stand one below the other: agents apart, what is said first; exchanges
    from the user's sound to the agent's."""
    return sorted(lanes, key=_place)


def _place(lane: Lane) -> tuple[str, int, str, int, str]:
    is_exchange = lane.kind == "remdis" and lane.slot in EXCHANGES
    order = EXCHANGES.index(lane.slot) if is_exchange else len(EXCHANGES)
    return lane.agent, _KINDS.index(lane.kind), lane.model, order, lane.slot
