"""All faces of one hub: lets them in, and gives each the news when there are any."""

import asyncio
import time
from collections.abc import Callable, Sequence, Set
from functools import partial
from itertools import chain
from typing import Final

from mdxdash.events.event import Event
from mdxdash.language.translation import N_
from mdxdash.macros.running.run_log import RunRecord, StepRecord
from mdxdash.remote.faces.event_feed import SharedLines
from mdxdash.remote.faces.face import Face
from mdxdash.remote.faces.link import Link
from mdxdash.remote.faces.served_hub import ServedHub
from mdxdash.remote.faces.state_feed import StateFeed, StateLines
from mdxdash.remote.protocol import STATES_PER_SECOND

MOST_FACES: Final = 16
"""Faces that may be attached at the same time."""

MOST_CONNECTIONS: Final = 2 * MOST_FACES
"""Connections with those that only ask, so that a hub can be stopped however many are attached."""

MOST_IN_A_SECOND: Final = 100
"""Connections that are opened within a second; further ones are refused."""

EVENT_DELAY: Final = 0.01
"""Seconds that an event waits for others: sent one by one, a flood would cost twice as much."""

_STATE_INTERVAL: Final = 1 / STATES_PER_SECOND


class AttachedFaces:
    """The faces of a hub. While none is attached, an event costs nothing."""

    def __init__(self, served: ServedHub) -> None:
        self.reading = asyncio.Lock()
        self.lines = SharedLines(served.log)
        self._served = served
        self._connections: set[Face] = set()
        self._attached: set[Face] = set()
        self._states = StateLines(served)
        self._due: asyncio.TimerHandle | None = None
        self._tick: asyncio.TimerHandle | None = None
        self._unsubscribe: list[Callable[[], None]] = []
        self._second = 0
        self._this_second = 0

    @property
    def names(self) -> tuple[str, ...]:
        """What those call themselves that are attached."""
        return tuple(sorted(face.name for face in self._attached))

    def open(
        self, link: Link, *, token: str = "", read_only: bool = False, elsewhere: bool = False
    ) -> Face:
        """Takes a new connection, whose first line may still be refused; see `Face`. Whoever owns
        the link calls `lose` when the connection has ended."""
        face = Face(self._served, link, self, token=token, read_only=read_only, elsewhere=elsewhere)
        self._connections.add(face)
        if len(self._connections) > MOST_CONNECTIONS:
            face.refuse(N_("the hub has {most} connections already").format(most=MOST_CONNECTIONS))
        elif self._is_rush():
            face.refuse(N_("too many connections were opened within a second"))
        return face

    def _is_rush(self) -> bool:
        second = int(time.monotonic())
        if second != self._second:
            self._second, self._this_second = second, 0
        self._this_second += 1
        return self._this_second > MOST_IN_A_SECOND

    def lose(self, face: Face) -> None:
        """The connection of a face has ended."""
        face.close()
        self._connections.discard(face)
        self._attached.discard(face)
        if not self._attached:
            self._stop()

    def attach(self, face: Face) -> str:
        """As `face.Admission`."""
        if len(self._attached) >= MOST_FACES:
            return N_("{most} are attached already").format(most=MOST_FACES)
        face.name = self._own_name(face.name)
        self._attached.add(face)
        if not self._unsubscribe:
            self._start()
        # It should not wait for the next turn of all.
        asyncio.get_running_loop().call_soon(self._send_states_to, {face})
        return ""

    def _own_name(self, name: str) -> str:
        """Returns a name that nobody has: `attach`, `attach-2`, `attach-3` …"""
        taken = {face.name for face in self._attached}
        numbered = (f"{name}-{number}" for number in range(2, MOST_FACES + 2))
        return next(each for each in chain([name], numbered) if each not in taken)

    def close(self) -> None:
        """Gives each face what there still is, and ends all connections."""
        self._send_events()
        self._send_states_to(self._attached)
        self._stop()
        for face in tuple(self._connections):
            face.end()
        self._connections.clear()
        self._attached.clear()

    def _start(self) -> None:
        log = self._served.log
        note_change = partial(self._note, StateFeed.note_change)
        self._unsubscribe = [
            log.subscribe_batches(self._plan),
            log.subscribe_changes(lambda event: note_change(event.seq)),
            log.subscribe_marks(partial(self._note, StateFeed.note_mark)),
            self._served.alerts.subscribe_seen(partial(self._note, StateFeed.note_seen)),
            self._served.runner.runs.subscribe(self._note_run),
        ]
        self._tick = asyncio.get_running_loop().call_later(_STATE_INTERVAL, self._send_states)

    def _stop(self) -> None:
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._unsubscribe = []
        for timer in (self._due, self._tick):
            if timer is not None:
                timer.cancel()
        self._due = self._tick = None

    def _plan(self, events: Sequence[Event]) -> None:
        if self._due is None:
            self._due = asyncio.get_running_loop().call_later(EVENT_DELAY, self._send_events)

    def _send_events(self) -> None:
        self._due = None
        with self.lines.shared():
            for face in tuple(self._attached):
                if face.events is not None:
                    face.events.pump()

    def _note(self, note: Callable[[StateFeed, int], None], number: int) -> None:
        for face in self._attached:
            if face.states is not None:
                note(face.states, number)

    def _note_run(self, record: RunRecord, step: StepRecord | None) -> None:
        self._note(StateFeed.note_run, record.number)

    def _send_states(self) -> None:
        self._tick = asyncio.get_running_loop().call_later(_STATE_INTERVAL, self._send_states)
        self._send_states_to(self._attached)

    def _send_states_to(self, faces: Set[Face]) -> None:
        self._states.refresh(self.names)
        for face in tuple(faces & self._attached):
            if face.states is not None and face.events is not None:
                face.states.send(self._states, face.events.next_seq)
