"""Gives rows to a running hub, which makes events of them: they stand beside those of its agents,
in its dashboards and its recording."""

from collections.abc import Sequence

from mdxdash.events.event import Event
from mdxdash.language.translation import N_
from mdxdash.remdis.row_notes import RowNotes
from mdxdash.remdis.rows import Row
from mdxdash.remdis.source import RemdisSource
from mdxdash.remdis.turns import Turn, Turns
from mdxdash.remote.attached.hub_link import HubLink
from mdxdash.remote.attached.line_channel import Opener
from mdxdash.remote.beside.first_done import first_done
from mdxdash.remote.protocol import PROTOCOL, Attach, BrokerState, Note, Notice, Welcome


class RowsIntoHub:
    """The connection to the hub. What comes while there is none, or while the hub reads nothing, is
    left out, and counted."""

    def __init__(self, open_hub: Opener, turns: Turns) -> None:
        self.link = HubLink(open_hub, self)
        self._notes = RowNotes()
        self._turns = turns
        self._told: Turn | None = None
        """The turn that was told last."""
        self._left_out = 0

    async def run(self, source: RemdisSource) -> None:
        """Keeps the connection up, and listens to `source` once it is there: what came before that
        would be left out. Runs until it is cancelled. Raises what `source.run` raises."""

        async def listen() -> None:
            await self.link.wait_attached()
            await source.run()

        await first_done(self.link.run(), listen())

    def give(self, rows: Sequence[Row], now: float) -> None:
        """Makes events of rows that begin, end or are flagged, and of how long the latest answer
        took. `now` is Unix time."""
        for row in rows:
            if note := self._notes.of(row, now):
                self._tell(note)
        turn = self._turns.answered
        if turn is not None and turn is not self._told:
            self._told = turn
            self._tell(Note(turn.text, module="turn"))

    def report(self, fault: bool, text: str) -> None:
        """Makes an event of a sentence on the broker of Remdis, and lets the hub keep it."""
        said = N_("remdis: {text}").format(text=text)
        self._tell(Note(said, fault=fault))
        self.link.tell(BrokerState(said))

    def _tell(self, note: Note) -> None:
        if self._left_out:
            text = N_("remdis: {count:,} rows were left out, since the hub took none")
            if self.link.tell(Note(text.format(count=self._left_out), fault=True)):
                self._left_out = 0
        self._left_out += not self.link.tell(note)

    # See `hub_link.Receiver`

    def attach(self) -> Attach:
        return Attach(PROTOCOL, "remdis", events=False)

    def welcome(self, welcome: Welcome) -> None:
        """Nothing is to be known of the hub."""

    def take_events(self, events: Sequence[Event]) -> None:
        """None are asked for."""

    def take_notice(self, notice: Notice) -> None:
        """None are asked for."""
