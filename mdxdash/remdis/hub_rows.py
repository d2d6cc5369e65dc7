"""Gives rows to a running hub, which makes events of them: they stand beside those of its agents,
in its dashboards and its recording."""

from collections.abc import Sequence

from mdxdash.events.event import Event
from mdxdash.remdis.row_notes import RowNotes
from mdxdash.remdis.rows import Row
from mdxdash.remdis.turns import Turn
from mdxdash.remote.attached.hub_link import HubLink
from mdxdash.remote.attached.line_channel import Opener
from mdxdash.remote.protocol import PROTOCOL, Attach, Note, Notice, Welcome


class HubRows:
    """The connection to the hub. `run` keeps it up; what comes while there is none is left out."""

    def __init__(self, open_hub: Opener) -> None:
        self.link = HubLink(open_hub, self)
        self._notes = RowNotes()

    def give(self, row: Row, now: float) -> None:
        """Makes an event of a row that begins, ends or is flagged. `now` is Unix time."""
        if note := self._notes.of(row, now):
            self.link.tell(note)

    def give_turn(self, turn: Turn) -> None:
        """Makes an event of how long an answer took."""
        self.link.tell(Note(turn.text, module="turn"))

    # See `hub_link.Receiver`

    def attach(self) -> Attach:
        return Attach(PROTOCOL, "remdis", events=False)

    def welcome(self, welcome: Welcome) -> None:
        """Nothing is to be known of the hub."""

    def take_events(self, events: Sequence[Event]) -> None:
        """None are asked for."""

    def take_notice(self, notice: Notice) -> None:
        """None are asked for."""
