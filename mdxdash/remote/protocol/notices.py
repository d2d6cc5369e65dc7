"""What a hub sends to its faces, besides events."""

import msgspec

from mdxdash.alerts.watch import WatchState
from mdxdash.catalog.announced import Announcements
from mdxdash.hub.interface import Delivery
from mdxdash.hub.refusals import RefusalCount
from mdxdash.remote.protocol.states import AgentState, StepState, TallyState
from mdxdash.settings.rereading import Rereading


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


class Macros(msgspec.Struct, frozen=True, omit_defaults=True, tag="macros", tag_field="is"):
    """The macros in force, and what became of each."""

    toml: str
    """The text from which they were read (`macros.files.toml_form`)."""
    tallies: dict[str, TallyState] = {}
    waiting_for_trust: tuple[str, ...] = ()
    error: str = ""
    """What is wrong with the file as it is now."""


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
    brokers: tuple[str, ...] = ()
    """How what joins the hub to brokers gets on, a sentence each."""


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
    settings: Rereading | None = None


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
