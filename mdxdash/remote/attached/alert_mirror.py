"""Which alerts were seen, as the hub has it: what one person has seen is seen on all screens."""

from collections.abc import Callable, Collection

from mdxdash.alerts.alert import Alert
from mdxdash.alerts.alert_log import AlertLog
from mdxdash.events.log import EventLog
from mdxdash.macros.running.run_log import RunRecord
from mdxdash.remote.attached.origin import Origin
from mdxdash.remote.protocol import SeenAlert, Welcome


class AlertMirror:
    """The alerts of a log that mirrors a hub's. They follow from its events; what was seen is the
    hub's."""

    def __init__(
        self, log: EventLog, runs: Collection[RunRecord], tell: Callable[[int], None]
    ) -> None:
        """`runs` are the runs of the hub's macros, as they are at any time; `tell` is called with
        the `seq` of every alert that is seen here."""
        self.alerts = AlertLog(log, runs)
        self._log = log
        self._tell = tell
        self._unseen: frozenset[int] = frozenset()
        """Those below `_known_before` that nobody had seen."""
        self._known_before = 0
        self._seen_before_they_came: set[int] = set()
        self._origin = Origin()
        self.alerts.subscribe(self._take)
        self.alerts.subscribe_seen(self._see_here)

    def begin(self, welcome: Welcome) -> None:
        """Takes over what was seen; of the alerts whose events are still to come, too."""
        self._unseen, self._known_before = frozenset(welcome.unseen), welcome.next_seq
        self._seen_before_they_came.clear()
        with self._origin.hub():
            self.alerts.see_all_but(self._unseen, self._known_before)

    def see(self, seen: SeenAlert) -> None:
        """Takes over that an alert was seen."""
        if seen.seq >= self._log.next_seq:
            self._seen_before_they_came.add(seen.seq)
        self._see(seen.seq)

    def _take(self, alert: Alert) -> None:
        known = alert.seq < self._known_before and alert.seq not in self._unseen
        if known or alert.seq in self._seen_before_they_came:
            self._seen_before_they_came.discard(alert.seq)
            self._see(alert.seq)

    def _see(self, seq: int) -> None:
        with self._origin.hub():
            self.alerts.see(seq)

    def _see_here(self, seq: int) -> None:
        if not self._origin.is_hub:
            self._tell(seq)
