"""What a face sends to its hub."""

from typing import Literal

import msgspec

from mdxdash.remote.protocol.rules import TAIL


class Attach(msgspec.Struct, frozen=True, omit_defaults=True, tag="attach", tag_field="do"):
    """The first line of a face."""

    protocol: int
    face: str
    """Who it is: `attach` and `web` for dashboards, `fleet` and `remdis` for what joins the hub to
    a broker, and else the command that asks (`send`, `events`, `run`, `hub`, `status`, `speak`).
    Others see it as the sender of what it sends."""
    events: bool = True
    """Whether events and state are to be sent, and not only answers."""
    tail: int = TAIL
    """Events before the present that are wanted, at most."""
    after: int | None = None
    """Send the events after this `seq` instead of a tail: the face had a connection before."""
    read_only: bool = False
    """The face promises to send nothing; the hub holds it to that."""
    token: str = ""
    """The token of the hub's file, where the control socket is a loopback port (Windows)."""


class Send(msgspec.Struct, frozen=True, omit_defaults=True, tag="send", tag_field="do"):
    """Send a message; the answer has a `delivery`, and the `next_seq` of that moment: what the
    message causes has that number or a higher one."""

    line: str
    """`TYPE|args`."""
    to: str | None = None
    """A target; None: all agents."""
    sure: bool = False
    """Send it also when it may harm an agent."""
    id: int | None = None
    check: bool = False
    """Whether the answer is to have `findings`."""


class Read(msgspec.Struct, frozen=True, tag="read", tag_field="do"):
    """Read events of `start <= seq < stop`, from memory or the recording; the answer has `events`,
    fewer where that many would be over `LINE_BYTES`, the latest of them."""

    start: int
    stop: int
    id: int


class Mark(msgspec.Struct, frozen=True, tag="mark", tag_field="do"):
    """Mark an event, or remove its mark."""

    seq: int


class Fire(msgspec.Struct, frozen=True, omit_defaults=True, tag="fire", tag_field="do"):
    """Fire a macro once on its target; the answer has `runs` and `outcome`."""

    macro: str
    params: dict[str, str] | None = None
    id: int | None = None


class Switch(msgspec.Struct, frozen=True, omit_defaults=True, tag="switch", tag_field="do"):
    """Fire a macro, or switch one with `every` or `on` on or off (`MacroRunner.trigger`)."""

    macro: str
    id: int | None = None


class StopMacros(
    msgspec.Struct, frozen=True, omit_defaults=True, tag="stop-macros", tag_field="do"
):
    """Stop one run, all runs of one macro and its switch, or, with neither, all macros."""

    macro: str | None = None
    run: int | None = None
    id: int | None = None


class Speak(msgspec.Struct, frozen=True, omit_defaults=True, tag="speak", tag_field="do"):
    """Let agents speak a sound file, a text or a sound that follows; the answer has `speech`. A
    face from elsewhere may only let them say texts."""

    file: str = ""
    """Its absolute path, on the hub's machine."""
    text: str = ""
    """A text instead of a file."""
    voice: str = ""
    """The `[voice.NAME]` of the hub's settings that says the text; empty for the first one."""
    model: str = ""
    """The alias of the model; empty for the first one."""
    to: str | None = None
    """A target; None: all agents."""
    id: int | None = None
    live: str = ""
    """The name of a sound that follows as `GiveSound`, instead of a file; one agent speaks it."""


class GiveSound(msgspec.Struct, frozen=True, tag="give-sound", tag_field="do"):
    """The next piece of the sound that `Speak` has begun with `live` on this connection; the answer
    comes when more can be given. The sound ends with the connection, too."""

    pcm: bytes
    """16 kHz, 16-bit, little-endian, mono; empty: the sound ends."""
    id: int


class StopSpeech(
    msgspec.Struct, frozen=True, omit_defaults=True, tag="stop-speech", tag_field="do"
):
    """Stop what agents speak, and what waits to be spoken; the answer's `outcome` counts them."""

    to: str | None = None
    """A target; None: all agents."""
    id: int | None = None


class Status(msgspec.Struct, frozen=True, tag="status", tag_field="do"):
    """Ask for the whole state; the answer has `state`."""

    id: int


class Seen(msgspec.Struct, frozen=True, tag="seen", tag_field="do"):
    """A person has seen the alert of this event: it is seen for all faces."""

    seq: int


RowLevel = Literal["", "start", "end", "revoked"]
"""What became of a row of Remdis; empty for what takes no time."""


class Note(msgspec.Struct, frozen=True, omit_defaults=True, tag="note", tag_field="do"):
    """Make an event of what a face of another system has to say: the one that joins the hub to a
    broker (who sends a command; as a fault, what went wrong), or `mdxdash remdis`."""

    text: str
    fault: bool = False
    module: str = ""
    """The part of that system that says it: the event is then of the kind `log`."""
    level: RowLevel = ""
    args: str = ""
    """Of a row of Remdis: what `Event.level` and `Event.args` are."""
    id: int | None = None


class BrokerState(
    msgspec.Struct, frozen=True, omit_defaults=True, tag="broker-state", tag_field="do"
):
    """Keep, for who asks how the hub is, how what joins it to a broker gets on."""

    text: str
    """A sentence: `publishes at amqps://broker.example.org as room-3`."""
    id: int | None = None


class StopHub(msgspec.Struct, frozen=True, omit_defaults=True, tag="stop-hub", tag_field="do"):
    """End the hub. With agents connected it is refused unless `sure`."""

    sure: bool = False
    id: int | None = None


class Restart(msgspec.Struct, frozen=True, tag="restart", tag_field="do"):
    """Hand the hub over to a new process, which reads the settings again. The answer has the
    `outcome` `restarted` and `settings`, and the connection ends; or an `error`, and the hub goes
    on as it was."""

    command: tuple[str, ...]
    """Starts the mdxdash that takes over: `/usr/bin/python3`, `-m`, `mdxdash`."""
    id: int


class Release(msgspec.Struct, frozen=True, omit_defaults=True, tag="release", tag_field="do"):
    """The dashboard is leaving a hub that it brought with it: let it end when its agents have been
    gone for `[hub] linger`."""

    id: int | None = None


Request = (
    Attach
    | Send
    | Read
    | Mark
    | Fire
    | Switch
    | StopMacros
    | Speak
    | GiveSound
    | StopSpeech
    | Status
    | Seen
    | Note
    | BrokerState
    | StopHub
    | Restart
    | Release
)
