"""What a hub is told of its broker: that it is away, there again, and what was dropped meanwhile.
Each becomes an event of the hub."""

import time
from collections.abc import Callable
from typing import Final

from mdxdash.language.translation import N_
from mdxdash.remote.fleet.broker_connection import BrokerError, NameInUse
from mdxdash.remote.fleet.publishing.batching import LONGEST_EVENT, Dropped

SAID_AFTER: Final = 3.0
"""Seconds after which it is said that a name is in use: the process before this one may still be
leaving."""

_SAID_MAX: Final = 10
"""Different problems that are said until the broker is there again."""

STALLED_AFTER: Final = 10.0
"""Seconds without a confirmation after which the broker counts as one that takes nothing."""

Tell = Callable[[bool, str], None]
"""Makes an event: whether it is a fault, and its text."""


class BrokerNotes:
    """Says each problem once."""

    def __init__(self, shown: str, tell: Tell, keep: Callable[[str], None], name: str = "") -> None:
        """
        * `shown`: the address of the broker without a user.
        * `keep`: keeps a sentence, for who asks how it is now.
        * `name`: the name of the hub at the broker.
        """
        self._shown = shown
        self._tell = tell
        self._keep = keep
        self._name = name
        self._state = ""
        """The sentence that was kept last."""
        self._away_since: float | None = None
        self._said: set[str] = set()
        """The problems that the hub was told of since the broker was there."""
        self._stalled = False

    def connected(self) -> None:
        """The broker is there."""
        text = N_("publishes at {shown} as {name}")
        self._is_now(text.format(shown=self._shown, name=self._name))
        away, self._away_since = self._away_since, None
        if not self._said:
            return
        self._said.clear()
        seconds = ""
        if away is not None:
            seconds = N_(" after {seconds:.1f} s").format(seconds=time.monotonic() - away)
        text = N_("fleet: {shown} is there again{seconds}")
        self._tell(False, text.format(shown=self._shown, seconds=seconds))

    def lost(self, error: BrokerError) -> None:
        """The broker is away, or does not let the hub in."""
        self._is_now(N_("publishes nothing: {error}").format(error=error))
        if self._away_since is None:
            self._away_since = time.monotonic()
        is_early = time.monotonic() - self._away_since < SAID_AFTER
        is_said = str(error) in self._said or len(self._said) >= _SAID_MAX
        if is_said or (isinstance(error, NameInUse) and is_early):
            return
        self._said.add(str(error))
        text = N_("fleet: {error}; it is tried again, and events wait")
        self._tell(True, text.format(error=error))

    def tell_again(self) -> None:
        """Says how it is now once more: the hub may not know it."""
        if self._state:
            self._keep(self._state)

    def _is_now(self, text: str) -> None:
        if text != self._state:
            self._state = text
            self._keep(text)

    def stalled(self, seconds: float) -> None:
        """The broker has confirmed nothing for so long. A RabbitMQ without memory or disk takes
        nothing from those who publish, and says nothing to them."""
        if seconds > STALLED_AFTER and not self._stalled:
            self._stalled = True
            text = N_(
                "fleet: {shown} has taken nothing for {seconds:.0f} s: it may be out of memory "
                "or disk; events wait"
            )
            self._tell(True, text.format(shown=self._shown, seconds=seconds))
        elif self._stalled and seconds <= STALLED_AFTER:
            self._stalled = False
            text = N_("fleet: {shown} takes events again")
            self._tell(False, text.format(shown=self._shown))

    def dropped(self, dropped: Dropped | None) -> None:
        """Events were not published, or none were."""
        if dropped is None:
            return
        if dropped.too_long == dropped.count:
            text = N_(
                "fleet: {count:,} events were not published, since a broker takes none of more "
                "than {limit:,} bytes: #{first:,} to #{last:,}"
            )
            numbers = {"first": dropped.first, "last": dropped.last, "limit": LONGEST_EVENT}
            self._tell(True, text.format(count=dropped.count, **numbers))
            return
        text = N_(
            "fleet: {count:,} events were not published, since the broker was away "
            "for too long: #{first:,} to #{last:,}"
        )
        self._tell(True, text.format(count=dropped.count, first=dropped.first, last=dropped.last))

    def dropped_changes(self, count: int) -> None:
        """What became of so many events was not published."""
        if count:
            text = N_(
                "fleet: what became of {count:,} sent events was not published, since the broker "
                "was away for too long"
            )
            self._tell(True, text.format(count=count))
