"""The protocol between a hub and its faces in other processes: dashboards and shell commands.

It is JSON Lines (UTF-8, one object a line), the same over the control socket of a hub on this
machine and, a line a frame, over the WebSocket `/tap` of a hub elsewhere. The version is
`PROTOCOL`; both ends say theirs first, and a hub refuses a version that it does not know with an
`Answer` that names both, so that the person can update the older one.

Opening. The face sends `Attach` and gets `Welcome`, or an `Answer` with `error` and the end of the
connection. Without `events` in its `Attach` it is a client that only asks (`mdxdash status`).

From the hub. An event is a line of its own, the event's JSON as in a recording, so it begins with
`{"seq":`. Events come in order, from `Welcome.first_sent` on, none twice. Every other line has the
key `is`, which names one of `Notice`. What changes often (agents, macros, state) is sent whole, at
most `STATES_PER_SECOND` times a second, and only when it changed.

From the face. Every line has the key `do`, which names one of `Request`. A request with an `id`
gets exactly one `Answer` with the same `id`.

A face that reads slowly is never waited for: the hub keeps the number of the event that the face
gets next, sends on when the face has read, and reads what has left memory meanwhile from the
recording. Only what nobody has any more is skipped, and told with `Behind`.
"""

from typing import Final, Literal

import msgspec

from mdxdash.alerts.watch import WatchState
from mdxdash.catalog.announced import Announcements
from mdxdash.hub.interface import Delivery, Handshake, Presence
from mdxdash.hub.refusals import RefusalCount
from mdxdash.hub.traffic.speech_state import SpeechState

PROTOCOL: Final = 1
"""The version of this protocol."""

TAP_PATH: Final = "/tap"
"""The path of the WebSocket; a secret follows it, as in the agents' path."""

TAIL: Final = 20_000
"""Events before the present that a dashboard asks for when it attaches; older ones are read when
somebody scrolls there."""

STATES_PER_SECOND: Final = 5
"""How often the state of agents and macros is sent, at most."""

LINE_BYTES: Final = 2**20
"""The longest line that a hub takes from a face, and the rough size of the pieces it sends."""


# From the face to the hub


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
    """Let agents speak a sound file or a text; the answer has `speech`. A face from elsewhere may
    only let them say texts."""

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


class StopHub(msgspec.Struct, frozen=True, omit_defaults=True, tag="stop-hub", tag_field="do"):
    """End the hub. With agents connected it is refused unless `sure`."""

    sure: bool = False
    id: int | None = None


class Restart(msgspec.Struct, frozen=True, tag="restart", tag_field="do"):
    """Hand the hub over to a new process. The answer has the `outcome` `restarted`, and the
    connection ends; or an `error`, and the hub goes on as it was."""

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
    | StopSpeech
    | Status
    | Seen
    | Note
    | StopHub
    | Restart
    | Release
)


# From the hub to the face


class Welcome(msgspec.Struct, frozen=True, omit_defaults=True, tag="welcome", tag_field="is"):
    """The first line of the hub."""

    protocol: int
    mdxdash: str
    """The version of the program."""
    pid: int
    name: str
    """The hub's name: `mdxdash attach NAME`."""
    url: str
    """What agents dial, without the secret."""
    first_sent: int
    """The `seq` of the first event that follows."""
    first_seq: int
    """The oldest event that can be read, from memory or the recording."""
    next_seq: int
    counts: dict[str, int] = {}
    """Events of each type so far, including the tail that follows."""
    marked: tuple[int, ...] = ()
    unseen: tuple[int, ...] = ()
    """The `seq`s of alerts below `next_seq` that nobody has seen."""
    mdf_lines: tuple[str, ...] = ()
    full_mdf_lines: tuple[str, ...] = ()
    """With the secret; empty for a read-only face and for one from elsewhere."""
    groups: dict[str, tuple[str, ...]] = {}
    unsafe: bool = False
    read_only: bool = False
    settings_file: str = ""
    """The settings file of the hub, with its macros; empty for a face from elsewhere."""
    recording_file: str = ""
    """Empty where nothing is recorded, and for a face from elsewhere."""
    session: str = ""
    """Stays the same as long as the events are counted on, also in another process."""
    face: str = ""
    """What this face is called at the hub: it stands as `by` in the events that it sends."""


class CountsState(msgspec.Struct, frozen=True):
    """`hub.traffic.counts.Counts` at one moment."""

    frames_in: int = 0
    bytes_in: int = 0
    frames_out: int = 0
    bytes_out: int = 0
    received: int = 0
    sent: int = 0
    lost: int = 0
    round_trips: tuple[float, ...] = ()
    """Seconds; the latest 100, the last one last."""


class UpstreamState(msgspec.Struct, frozen=True):
    """`hub.interface.UpstreamLink` at one moment."""

    url: str
    connected: bool
    waiting: int


class AgentState(msgspec.Struct, frozen=True, omit_defaults=True):
    """`hub.interface.AgentView` at one moment, but for what it has announced, which the face
    follows by itself from the events (`Announced` gives the beginning)."""

    name: str
    handshake: Handshake
    state: Presence
    connected_at: float
    last_seen_at: float
    gone_at: float | None = None
    paused: bool = False
    queued: int = 0
    queue_limit: int = 0
    counts: CountsState = CountsState()
    upstream: UpstreamState | None = None
    speech: SpeechState | None = None
    """What it speaks."""


class Agents(msgspec.Struct, frozen=True, tag="agents", tag_field="is"):
    """All agents in their order, also those that have gone."""

    agents: tuple[AgentState, ...]


class Announced(msgspec.Struct, frozen=True, tag="announced", tag_field="is"):
    """What an agent had announced up to the event before `seq`; sent once for each agent of the
    first `Agents`, after it."""

    agent: str
    seq: int
    known: Announcements


class Changed(msgspec.Struct, frozen=True, omit_defaults=True, tag="changed", tag_field="is"):
    """An event that was sent already was acknowledged (`round_trip`) or is `lost`."""

    seq: int
    round_trip: float | None = None
    lost: bool = False


class Marked(msgspec.Struct, frozen=True, tag="marked", tag_field="is"):
    """An event was marked, or its mark removed."""

    seq: int
    on: bool


class SeenAlert(msgspec.Struct, frozen=True, tag="seen-alert", tag_field="is"):
    """A person has seen the alert of this event, on any screen."""

    seq: int


class TallyState(msgspec.Struct, frozen=True, omit_defaults=True):
    """`macros.running.control.Tally`, and what a macro does now."""

    fired: int = 0
    missed: int = 0
    skipped: int = 0
    passed: int = 0
    failed: int = 0
    refused: str = ""
    on: bool = False
    next_in: float | None = None
    """Seconds until it fires next."""


class Macros(msgspec.Struct, frozen=True, omit_defaults=True, tag="macros", tag_field="is"):
    """The macros in force, and what became of each."""

    toml: str
    """The text from which they were read (`macros.files.toml_form`)."""
    tallies: dict[str, TallyState] = {}
    waiting_for_trust: tuple[str, ...] = ()
    error: str = ""
    """What is wrong with the file as it is now."""


class StepState(msgspec.Struct, frozen=True, omit_defaults=True):
    """`macros.running.run_log.StepRecord`; the event by its `seq`."""

    number: str
    text: str
    started: float
    holds_steps: bool = False
    ended: float | None = None
    event: int | None = None
    note: str = ""


class Run(msgspec.Struct, frozen=True, omit_defaults=True, tag="run", tag_field="is"):
    """A run that began, ended, or got on: all of it."""

    run: int
    """Its number; it stays the same."""
    macro: str
    agent: str
    began_at: float
    age: float
    """Seconds since it began."""
    state: str = "running"
    took: float | None = None
    failure: str = ""
    trigger: int | None = None
    """The `seq` of the event that triggered it."""
    recent: tuple[int, ...] = ()
    """Of a failed run: the `seq`s of the last events of its agent."""
    steps: tuple[StepState, ...] = ()
    """The latest 100."""


class HubState(msgspec.Struct, frozen=True, omit_defaults=True, tag="state", tag_field="is"):
    """What the status bar and the banner show."""

    recording: str = ""
    warning: str = ""
    untrusted: str = ""
    refusals: tuple[RefusalCount, ...] = ()
    faces: tuple[str, ...] = ()
    """Who is attached."""
    watches: tuple[WatchState, ...] = ()


class Behind(msgspec.Struct, frozen=True, tag="behind", tag_field="is"):
    """The events `first` to `last` are skipped: neither memory nor a recording has them."""

    first: int
    last: int


class WholeState(msgspec.Struct, frozen=True):
    """The answer to `Status`, and what `mdxdash status --json` prints."""

    welcome: Welcome
    agents: tuple[AgentState, ...] = ()
    macros: dict[str, TallyState] = {}
    hub: HubState = HubState()


class Answer(msgspec.Struct, frozen=True, omit_defaults=True, tag="answer", tag_field="is"):
    """The result of a request."""

    id: int | None = None
    error: str = ""
    """Why nothing was done."""
    delivery: Delivery | None = None
    findings: tuple[str, ...] = ()
    """What the check found in a message, each with its code, but for what `delivery` tells."""
    next_seq: int = 0
    runs: tuple[int, ...] = ()
    outcome: str = ""
    speech: tuple[tuple[str, str], ...] = ()
    """Agents, each with the key of its utterance: the `args` of the events with `by` `speech`."""
    events: tuple[msgspec.Raw, ...] = ()
    state: WholeState | None = None


Notice = (
    Welcome
    | Agents
    | Announced
    | Changed
    | Marked
    | SeenAlert
    | Macros
    | Run
    | HubState
    | Behind
    | Answer
)
