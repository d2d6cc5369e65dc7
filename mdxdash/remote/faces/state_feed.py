"""The state that one face is sent: what changed since it was sent last, and nothing that waits.

A change of an event, a mark or a run is remembered by its number until the face has read what it
was sent before; then it is sent as it is at that moment.
"""

import time
from collections.abc import Iterator
from typing import Final

import msgspec

from mdxdash.macros.model import Macro
from mdxdash.remote.faces.link import WAITING_BYTES, Link
from mdxdash.remote.faces.served_hub import ServedHub
from mdxdash.remote.faces.states import (
    agent_states,
    change_of,
    hub_state,
    macros_toml,
    run_state,
    tally_states,
)
from mdxdash.remote.protocol import Agents, Announced, Changed, Macros, Marked, SeenAlert

_CHANGES_KEPT: Final = 65_536
"""Events that changed and whose change a slow face was not sent yet; of more the oldest are
dropped."""

_encode: Final = msgspec.json.Encoder().encode


class StateLines:
    """The lines that say the same to every face, made once for all of them."""

    def __init__(self, served: ServedHub) -> None:
        self.agents = self.macros = self.hub = b""
        """Each with its newline."""
        self._served = served
        self._macros: tuple[Macro, ...] | None = None
        self._toml = ""
        self._macros_key: object = None

    def refresh(self, faces: tuple[str, ...]) -> None:
        """Makes the lines anew. `faces`: who is attached."""
        served = self._served
        self.agents = _encode(Agents(agent_states(served))) + b"\n"
        self.hub = _encode(hub_state(served, faces)) + b"\n"
        self._refresh_macros()

    def _refresh_macros(self) -> None:
        runner, file = self._served.runner, self._served.macro_file
        if runner.macros is not self._macros:
            self._macros = runner.macros
            self._toml = macros_toml(runner.macros)
        tallies = tally_states(runner)
        waiting = tuple(sorted(runner.waiting_for_trust))
        error = "" if file.error is None else str(file.error)
        # The seconds until a macro fires next go down by themselves: that is no news.
        now = time.monotonic()
        due = [round(now + each.next_in, 1) for each in tallies.values() if each.next_in]
        still = {
            name: msgspec.structs.replace(each, next_in=None) for name, each in tallies.items()
        }
        key = (self._toml, still, waiting, error, due)
        if key != self._macros_key:
            self._macros_key = key
            self.macros = _encode(Macros(self._toml, tallies, waiting, error)) + b"\n"


class StateFeed:
    """Sends one face what has changed."""

    def __init__(self, served: ServedHub, link: Link) -> None:
        self._served = served
        self._link = link
        self._sent: dict[str, bytes] = {}
        """The last line of each kind that is sent whole."""
        self._changed: dict[int, None] = {}
        self._marked: dict[int, None] = {}
        self._seen: dict[int, None] = {}
        self._runs: dict[int, None] = {run.number: None for run in served.runner.runs.records}

    def note_change(self, seq: int) -> None:
        """An event was acknowledged or lost."""
        self._changed[seq] = None
        if len(self._changed) > _CHANGES_KEPT:
            del self._changed[next(iter(self._changed))]

    def note_mark(self, seq: int) -> None:
        """An event was marked, or its mark removed."""
        self._marked[seq] = None

    def note_seen(self, seq: int) -> None:
        """A person has seen an alert."""
        self._seen[seq] = None

    def note_run(self, number: int) -> None:
        """A run began, ended or got on."""
        self._runs[number] = None

    def send(self, lines: StateLines, sent_up_to: int) -> None:
        """Sends what is new, as far as the face reads.

        * `lines`: of this moment.
        * `sent_up_to`: the `seq` of the event that the face is sent next; changes of events that it
          has not got are left out, since it gets these events as they are.
        """
        if self._is_full():
            return
        is_first = not self._sent
        for kind, line in (("agents", lines.agents), ("macros", lines.macros), ("hub", lines.hub)):
            if self._sent.get(kind) != line:
                self._sent[kind] = line
                self._link.write(line)
        if is_first:
            self._announce()
        for each in self._numbered(sent_up_to):
            self._link.write(each)
            if self._is_full():
                return

    def _announce(self) -> None:
        """Sends what each agent has announced so far; the face knows the agents by now."""
        seq = self._served.log.next_seq
        for agent in self._served.hub.connected:
            self._link.write(_encode(Announced(agent.name, seq, agent.known.snapshot())) + b"\n")

    def _is_full(self) -> bool:
        return self._link.waiting > WAITING_BYTES

    def _numbered(self, sent_up_to: int) -> Iterator[bytes]:
        log = self._served.log
        while self._changed:
            changes: list[Changed] = []
            while self._changed and len(changes) < 500:
                seq = _take_oldest(self._changed)
                if seq < sent_up_to and seq in log:
                    changes.append(change_of(log[seq]))
            yield msgspec.json.Encoder().encode_lines(changes)
        while self._marked:
            seq = _take_oldest(self._marked)
            yield _encode(Marked(seq, seq in log.marked)) + b"\n"
        while self._seen:
            seq = _take_oldest(self._seen)
            yield _encode(SeenAlert(seq)) + b"\n"
        while self._runs:
            number = _take_oldest(self._runs)
            record = self._served.runner.runs.numbered(number)
            if record is not None:
                yield _encode(run_state(record)) + b"\n"


def _take_oldest(numbers: dict[int, None]) -> int:
    """Takes out the number that has waited longest: what is sent while a face is slow ends early,
    and the newest first would let the oldest wait for ever."""
    oldest = next(iter(numbers))
    del numbers[oldest]
    return oldest
