"""What a hub, its agents and its macros are now, as the protocol says it."""

import os
import time
from itertools import islice
from typing import Final

from mdxdash.events.event import Event
from mdxdash.hub.interface import AgentView
from mdxdash.hub.traffic.counts import Counts
from mdxdash.macros.files.text_editing import text_of
from mdxdash.macros.model import Macro
from mdxdash.macros.running.run_log import RunRecord, StepRecord
from mdxdash.macros.running.runner import MacroRunner
from mdxdash.remote.faces.served_hub import ServedHub
from mdxdash.remote.protocol import (
    PROTOCOL,
    AgentState,
    Changed,
    CountsState,
    HubState,
    Run,
    StepState,
    TallyState,
    UpstreamState,
    Welcome,
)
from mdxdash.version import __version__

ROUND_TRIPS_SENT: Final = 100
STEPS_SENT: Final = 100

_NO_MACROS: Final = "macro = []\n"
"""A file without the key has the default macros."""


def welcome(
    served: ServedHub, first_sent: int, *, face: str, read_only: bool, elsewhere: bool
) -> Welcome:
    """Returns what a face is told first. `face`: its name at this hub. `elsewhere`: it is on
    another machine, where the paths of this one mean nothing, and which may not know the secret."""
    hub, log, journal = served.hub, served.log, served.journal
    recording_file = "" if journal is None or elsewhere else str(journal.path)
    return Welcome(
        protocol=PROTOCOL,
        mdxdash=__version__,
        pid=os.getpid(),
        name=served.name,
        face=face,
        url=hub.url,
        first_sent=first_sent,
        first_seq=first_readable(served),
        next_seq=log.next_seq,
        counts=dict(log.counts),
        marked=tuple(sorted(log.marked)),
        unseen=tuple(alert.seq for alert in served.alerts.unseen_alerts),
        mdf_lines=hub.mdf_lines,
        full_mdf_lines=() if read_only or elsewhere else hub.full_mdf_lines,
        groups={name: tuple(members) for name, members in hub.groups.items()},
        unsafe=hub.unsafe,
        read_only=read_only,
        settings_file="" if elsewhere else str(served.macro_file.path.absolute()),
        recording_file=recording_file,
        session=served.session_id,
    )


def first_readable(served: ServedHub) -> int:
    """Returns the `seq` of the oldest event that memory or the recording has."""
    index = served.journal.index if served.journal is not None else []
    return min(served.log.first_seq, index[0].seq) if index else served.log.first_seq


def agent_states(served: ServedHub) -> tuple[AgentState, ...]:
    """Returns all agents as they are now."""
    return tuple(map(_agent_state, served.hub.agents))


def hub_state(served: ServedHub, faces: tuple[str, ...]) -> HubState:
    """Returns what a status bar and a banner show. `faces`: who is attached."""
    return HubState(
        recording=served.recording,
        warning=served.warning,
        untrusted=served.untrusted,
        refusals=tuple(served.hub.refusals),
        faces=faces,
        watches=served.watches.states,
        brokers=tuple(served.brokers.values()),
    )


def tally_states(runner: MacroRunner) -> dict[str, TallyState]:
    """Returns what became of each macro."""
    return {macro.name: _tally_state(runner, macro) for macro in runner.macros}


def macros_toml(macros: tuple[Macro, ...]) -> str:
    """Returns the macros as a file of their own has them. Costs milliseconds."""
    return "\n".join(map(text_of, macros)) or _NO_MACROS


def run_state(record: RunRecord) -> Run:
    """Returns a run as it is now, with its latest steps."""
    steps = record.steps
    return Run(
        run=record.number,
        macro=record.macro,
        agent=record.agent,
        began_at=record.began_at,
        age=time.monotonic() - record.began,
        state=record.state,
        took=record.took,
        failure=record.failure,
        trigger=_seq(record.trigger),
        recent=tuple(event.seq for event in record.recent),
        steps=tuple(map(_step_state, islice(steps, max(0, len(steps) - STEPS_SENT), None))),
    )


def change_of(event: Event) -> Changed:
    """Returns what has changed of an event that was sent before."""
    return Changed(event.seq, event.round_trip, event.lost)


def _agent_state(agent: AgentView) -> AgentState:
    upstream = agent.upstream
    return AgentState(
        name=agent.name,
        handshake=agent.handshake,
        state=agent.state,
        connected_at=agent.connected_at,
        last_seen_at=agent.last_seen_at,
        gone_at=agent.gone_at,
        paused=agent.paused,
        queued=len(agent.queue),
        queue_limit=agent.queue.limit,
        counts=_counts_state(agent.counts),
        upstream=None
        if upstream is None
        else UpstreamState(upstream.url, upstream.connected, upstream.waiting),
        speech=agent.speech,
    )


def _counts_state(counts: Counts) -> CountsState:
    latest = tuple(islice(reversed(counts.round_trips), ROUND_TRIPS_SENT))
    return CountsState(
        frames_in=counts.frames_in,
        bytes_in=counts.bytes_in,
        frames_out=counts.frames_out,
        bytes_out=counts.bytes_out,
        received=counts.received,
        sent=counts.sent,
        lost=counts.lost,
        round_trips=latest[::-1],
    )


def _tally_state(runner: MacroRunner, macro: Macro) -> TallyState:
    tally = runner.tally(macro)
    return TallyState(
        fired=tally.fired,
        missed=tally.missed,
        skipped=tally.skipped,
        passed=tally.passed,
        failed=tally.failed,
        refused=tally.refused,
        on=runner.is_on(macro),
        next_in=runner.next_in(macro),
    )


def _step_state(step: StepRecord) -> StepState:
    return StepState(
        number=step.number,
        text=step.text,
        started=step.started,
        holds_steps=step.holds_steps,
        ended=step.ended,
        event=_seq(step.event),
        note=step.note,
    )


def _seq(event: Event | None) -> int | None:
    return None if event is None else event.seq
