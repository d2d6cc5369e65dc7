"""The AlertLog: finds the alerts among the events of a log, keeps them, and knows which were seen.

It is the only owner of what was seen. It exists where the hub runs, so that an alert that one
person has seen is seen on all screens of that hub; a dashboard in another process has one of its
own, which is told.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

import msgspec

from mdxdash.alerts.alert import Alert, AlertKind
from mdxdash.alerts.circumstances import circumstances
from mdxdash.events.event import By, Event, is_of_agent
from mdxdash.events.log import EventLog
from mdxdash.events.storage.block_events import BlockEvents
from mdxdash.hub.interface import GONE_BEFORE_SENT
from mdxdash.hub.sockets.endings import ENDED_BY_HUB
from mdxdash.macros.running.run_log import RunRecord

KEPT: Final = 1000
"""Alerts that are kept. Of more that were not seen, only the number is known."""

_KINDS: Final = frozenset({"refused", "fault", "disconnected", "connected"})
"""Of the events that are, or change, an alert; besides sent messages that are lost."""

_FAULTS: Final[Mapping[By, AlertKind]] = {"macro": "macro", "dialogue": "late", "watch": "watch"}
"""The kinds of faults that are not `fault`, by what they are about."""

Listener = Callable[[Alert], None]


class AlertLog:
    """Takes the events that a log holds already, and subscribes to new ones.

    `unseen` is how many alerts of each kind nobody has seen; kinds without any are not in it.
    """

    def __init__(self, log: EventLog, runs: Collection[RunRecord] = ()) -> None:
        """`runs` are the runs of macros, also those that are over, as they are at any time."""
        self.unseen: Counter[AlertKind] = Counter()
        self._runs = runs
        self._log = log
        self._alerts: dict[int, Alert] = {}
        """By their numbers, in the order in which they came."""
        self._unseen: dict[int, None] = {}
        """The numbers of those kept that nobody has seen, in the same order."""
        self._last_fault: Event | None = None
        self._listeners: list[Listener] = []
        self._seen_listeners: list[Callable[[int], None]] = []
        for event in log.with_signature(_may_matter):
            self._take(event)
        log.subscribe_batches(self._take_batch)
        log.subscribe_changes(self._take_change)

    def __len__(self) -> int:
        return len(self._alerts)

    @property
    def alerts(self) -> Sequence[Alert]:
        """The alerts that are kept, oldest first."""
        return tuple(self._alerts.values())

    @property
    def unseen_alerts(self) -> Sequence[Alert]:
        """Those that nobody has seen, oldest first."""
        return tuple(self._alerts[seq] for seq in self._unseen)

    @property
    def lost_agents(self) -> Sequence[Alert]:
        """The latest loss of each agent, if nobody has seen it; oldest first."""
        latest: dict[str, Alert] = {}
        for seq in self._unseen:
            alert = self._alerts[seq]
            if alert.kind == "lost":
                latest.pop(alert.event.agent, None)
                latest[alert.event.agent] = alert
        return tuple(latest.values())

    def latest_loss(self) -> Alert | None:
        """Returns the latest loss of an agent, one that was not seen first; None without any."""
        unseen = self.lost_agents
        if unseen:
            return unseen[-1]
        return next((a for a in reversed(self._alerts.values()) if a.kind == "lost"), None)

    def next_after(self, seq: int | None) -> Alert | None:
        """Returns the newest alert that nobody has seen; if all were seen, the one before that of
        number `seq`, and after the oldest the newest again. None if there is none at all."""
        if self._unseen:
            return self._alerts[next(reversed(self._unseen))]
        kept = list(self._alerts)
        if not kept:
            return None
        position = kept.index(seq) if seq in self._alerts and seq is not None else 0
        return self._alerts[kept[position - 1]]

    def is_seen(self, seq: int) -> bool:
        """Returns whether somebody has seen the alert of that number, or there is none."""
        return seq not in self._unseen

    def see(self, seq: int) -> None:
        """Takes note that a person has seen the alert of that number. Of an agent that was lost,
        earlier losses are seen too."""
        if seq not in self._unseen:
            return
        seen = self._alerts[seq]
        for each in [s for s in self._unseen if s <= seq and self._is_same(self._alerts[s], seen)]:
            self._forget_unseen(each)
            for listener in tuple(self._seen_listeners):
                listener(each)

    def see_all_but(self, unseen: Collection[int], before: int) -> None:
        """Takes over what was seen elsewhere: of the alerts below the number `before`, all but
        `unseen`."""
        for seq in tuple(self._unseen):
            if seq < before and seq not in unseen:
                self.see(seq)

    def see_all(self) -> None:
        """Takes note that a person has seen all alerts."""
        for seq in tuple(self._unseen):
            self.see(seq)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Calls `listener` with every new alert; it must be quick and not raise. Returns a function
        that ends the subscription."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def subscribe_seen(self, listener: Callable[[int], None]) -> Callable[[], None]:
        """Calls `listener` with the number of every alert that was seen. Returns a function that
        ends the subscription."""
        self._seen_listeners.append(listener)
        return lambda: self._seen_listeners.remove(listener)

    @staticmethod
    def _is_same(alert: Alert, seen: Alert) -> bool:
        if alert is seen:
            return True
        return alert.kind == seen.kind == "lost" and alert.event.agent == seen.event.agent

    def _forget_unseen(self, seq: int) -> None:
        kind = self._alerts[seq].kind
        del self._unseen[seq]
        self.unseen[kind] -= 1
        # Those that are no longer kept cannot be gone to: they end with the last one that can.
        if self.unseen[kind] <= 0 or not any(self._alerts[s].kind == kind for s in self._unseen):
            del self.unseen[kind]

    def _take_batch(self, events: Sequence[Event]) -> None:
        if type(events) is BlockEvents:
            return  # received ones only, none of which is an alert
        for event in events:
            if event.kind != "received" and _may_matter(event):  # a flood comes here
                self._take(event)

    def _take(self, event: Event) -> None:
        """Takes an event of any kind."""
        if event.kind in _KINDS:
            self._take_rare(event)
        elif event.lost:
            self._take_change(event)

    def _take_rare(self, event: Event) -> None:
        match event.kind:
            case "refused" if event.text != GONE_BEFORE_SENT:  # that one belongs to the loss
                self._add(Alert(event, "refused"))
            case "fault":
                self._last_fault = event
                self._add(Alert(event, _FAULTS.get(event.by, "fault")))
            case "disconnected" if is_of_agent(event) and event.text != ENDED_BY_HUB:
                self._lose(event)
            case "connected" if is_of_agent(event):
                self._come_back(event)

    def _take_change(self, event: Event) -> None:
        """Takes an event that was acknowledged, or lost."""
        if event.lost:
            self._add(Alert(event, "no echo"))

    def _lose(self, event: Event) -> None:
        fault = self._last_fault
        if fault and fault.seq == event.seq - 1 and fault.text == event.text:
            self._withdraw(fault.seq)  # the hub records why the connection broke, then that it did
        running = (
            run.macro for run in self._runs if run.state == "running" and run.agent == event.agent
        )
        self._add(Alert(event, "lost", circumstances(self._log, event, tuple(running))))

    def _come_back(self, event: Event) -> None:
        for seq, alert in reversed(self._alerts.items()):
            if alert.kind != "lost" or alert.event.agent != event.agent or alert.loss is None:
                continue
            if alert.loss.back_after is None:
                after = max(0.0, event.time - alert.event.time)
                loss = msgspec.structs.replace(alert.loss, back_after=after)
                self._alerts[seq] = msgspec.structs.replace(alert, loss=loss)
            break

    def _add(self, alert: Alert) -> None:
        if alert.seq in self._alerts:
            return
        if len(self._alerts) >= KEPT:
            oldest = next(iter(self._alerts))
            del self._alerts[oldest]
            self._unseen.pop(oldest, None)
        self._alerts[alert.seq] = alert
        self._unseen[alert.seq] = None
        self.unseen[alert.kind] += 1
        for listener in tuple(self._listeners):
            listener(alert)

    def _withdraw(self, seq: int) -> None:
        if seq in self._alerts:
            if seq in self._unseen:
                self._forget_unseen(seq)
            del self._alerts[seq]


def _may_matter(event: Event) -> bool:
    """Whether it is, or changes, an alert."""
    return event.kind in _KINDS or event.lost
