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

from mdxdash.remote.protocol.notices import (
    Agents,
    Announced,
    Answer,
    Behind,
    Changed,
    HubState,
    Macros,
    Marked,
    Notice,
    Run,
    SeenAlert,
    Welcome,
    WholeState,
)
from mdxdash.remote.protocol.requests import (
    Attach,
    BrokerState,
    Fire,
    GiveSound,
    Mark,
    Note,
    Read,
    Release,
    Request,
    Restart,
    RowLevel,
    Seen,
    Send,
    Speak,
    Status,
    StopHub,
    StopMacros,
    StopSpeech,
    Switch,
)
from mdxdash.remote.protocol.rules import (
    LINE_BYTES,
    PROTOCOL,
    STATES_PER_SECOND,
    TAIL,
    TAP_PATH,
)
from mdxdash.remote.protocol.states import (
    AgentState,
    CountsState,
    StepState,
    TallyState,
    UpstreamState,
)

__all__ = [
    "LINE_BYTES",
    "PROTOCOL",
    "STATES_PER_SECOND",
    "TAIL",
    "TAP_PATH",
    "AgentState",
    "Agents",
    "Announced",
    "Answer",
    "Attach",
    "Behind",
    "BrokerState",
    "Changed",
    "CountsState",
    "Fire",
    "GiveSound",
    "HubState",
    "Macros",
    "Mark",
    "Marked",
    "Note",
    "Notice",
    "Read",
    "Release",
    "Request",
    "Restart",
    "RowLevel",
    "Run",
    "Seen",
    "SeenAlert",
    "Send",
    "Speak",
    "Status",
    "StepState",
    "StopHub",
    "StopMacros",
    "StopSpeech",
    "Switch",
    "TallyState",
    "UpstreamState",
    "Welcome",
    "WholeState",
]
