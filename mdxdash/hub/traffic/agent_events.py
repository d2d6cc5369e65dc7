"""Records what happens with one agent in the EventLog: what it sends, what it is sent, echoes.

Echoes are matched here, since an echo acknowledges the event of a sent line.
"""

import time
from collections.abc import Iterable, Sequence
from itertools import count
from typing import Final, Literal

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.events.event import By, Event, Via
from mdxdash.events.log import EventLog
from mdxdash.hub.relay.frame_rate import FrameRate
from mdxdash.hub.relay.guard import Relayed
from mdxdash.hub.relay.hazards import AUDIO_HEAD, HAZARDS, line_text
from mdxdash.hub.traffic.audio_run import AudioRun
from mdxdash.hub.traffic.counts import Counts, CountsSnapshot
from mdxdash.hub.traffic.echoes import EchoMatcher, ExpectedEcho
from mdxdash.hub.traffic.send_queue import Outgoing
from mdxdash.hub.traffic.sound_source import SoundFrame
from mdxdash.language.translation import N_
from mdxdash.settings.tables.hub_section import HubSettings
from mdxdash.wire.decoding import Line
from mdxdash.wire.framing import encode_line, expected_echo
from mdxdash.wire.log_line import parse_log_line
from mdxdash.wire.message import Message, parse_message

_SHARED_TYPES: Final = 4096
"""Texts that are kept to be shared, at most: an agent may send endless different types."""

_Echo = tuple[int | None, float | None, By]
"""What a received line tells of the sent one that it acknowledges: its `seq`, the round trip in
seconds, and who sent it."""

_NO_ECHO: Final[_Echo] = (None, None, "")

ConnectionEvent = Literal["connected", "disconnected", "fault"]


class AgentEvents:
    """Records and counts the events of one agent, and updates what it has announced."""

    def __init__(
        self, name: str, log: EventLog, settings: HubSettings, known: AnnouncedState
    ) -> None:
        """`name` is the agent's; `known` is updated with every message that it sends."""
        self.counts = Counts()
        self.via: Via = ""
        """`server` while the agent's messages are relayed to an upstream."""
        self._name = name
        self._log = log
        self._settings = settings
        self._known = known
        self._echoes = EchoMatcher()
        self._rate = FrameRate()
        self._audio = AudioRun()
        self._types: dict[str, str] = {}

    def count_frames(self, count: int, size: int) -> None:
        """Counts frames that came from the agent, of `size` bytes together."""
        self.counts.frames_in += count
        self.counts.bytes_in += size

    def record_together(self, texts: Sequence[str], frames: Sequence[bytes], now: float) -> None:
        """Records lines that came from the agent with one read, at `now` (Unix time). `texts` are
        those of the frames, without the newline at their end; none is a log line."""
        if self._echoes or self._settings.secret is not None:
            # What acknowledges a sent message is recorded before anything else happens.
            for text, frame in zip(texts, frames, strict=True):
                self.record_received(Line(text, len(frame)), now)
            return
        self.counts.received += len(texts)
        types, concerned, name, via = self._types, self._known.types, self._name, self.via
        events = []
        for seq, text, frame in zip(count(self._log.next_seq), texts, frames, strict=False):
            type_, _, args = text.partition("|")
            if type_ in concerned:
                self._known.observe(type_, args)
            shared = types.get(type_) or self._share(type_)
            size = len(frame)
            # By position: a flood comes here 500,000 times a second.
            events.append(
                Event(
                    seq, now, "received", name, shared, args, "", "", "", "", 0, size,
                    False, None, None, False, via,
                )
            )  # fmt: skip
        self._log.extend(events)

    def record_received(self, line: Line, now: float) -> None:
        """Records a line that came from the agent at `now` (Unix time)."""
        self.counts.received += 1
        # With `Plugin_Remote_AllLog` its log names the address, and so the secret.
        text = line.text if self._settings.secret is None else self._settings.hide(line.text)
        if text.startswith("[") and self._record_log_line(text, line, now):
            return
        type_, _, args = text.partition("|")
        self._known.observe(type_, args)
        echo, round_trip, by = self._match_echo(type_, args)
        event = Event(
            self._log.next_seq,
            now,
            "received",
            self._name,
            self._types.get(type_) or self._share(type_),
            args,
            size=line.size,
            cut=line.cut,
            echo=echo,
            round_trip=round_trip,
            via=self.via,
            by=by,
            undecoded=self._undecoded(line, text) if line.undecoded else "",
        )
        self._log.add(event)

    def _record_log_line(self, text: str, line: Line, now: float) -> bool:
        parsed = parse_log_line(text)
        if parsed is None:
            return False
        message = parsed.message or Message("")
        echo, round_trip, by = _NO_ECHO
        # A message is logged twice or more: once as sent, and as captured by each listener.
        if parsed.level == "Sent":
            self._known.observe(message.type, message.args)
            echo, round_trip, by = self._match_echo(message.type, message.args)
        self._log.append(
            "log",
            self._name,
            self._share(message.type),
            message.args,
            text=parsed.text,
            module=self._share(parsed.module),
            level=self._share(parsed.level),
            agent_time=parsed.time,
            ticks=parsed.ticks,
            size=line.size,
            cut=line.cut,
            echo=echo,
            round_trip=round_trip,
            via=self.via,
            by=by,
            time=now,
            undecoded=self._undecoded(line, text) if line.undecoded else "",
        )
        return True

    @staticmethod
    def _undecoded(line: Line, text: str) -> str:
        """Returns the bytes of a line for its event; none where the secret was taken out of it."""
        return line.undecoded.hex(" ") if text == line.text else ""

    def _match_echo(self, type_: str, args: str) -> _Echo:
        found = self._echoes.match(type_, args, time.monotonic())
        if found is None:
            return _NO_ECHO
        self.counts.round_trips.append(found.round_trip)
        self._log.acknowledge(found.seq, found.round_trip)
        return found.seq, found.round_trip, found.by

    def _share(self, text: str) -> str:
        """Returns one object for equal texts: a million events would else hold a million copies."""
        if len(self._types) < _SHARED_TYPES:
            return self._types.setdefault(text, text)
        return self._types.get(text, text)

    def record_sent(self, frame: Sequence[Outgoing]) -> None:
        """Records the lines of a frame that has just been written, and expects their echoes."""
        if self._audio.blocks:
            self.record_audio()
        self.counts.frames_out += 1
        for outgoing in frame:
            size = len(outgoing.data)
            self.counts.bytes_out += size
            self._record_sent(outgoing.message, size, outgoing.echo, by=outgoing.by)

    def record_sound(self, frame: SoundFrame, lines: Sequence[Outgoing]) -> None:
        """Records a frame of sound that has just been written, with the `lines` behind it. Blocks
        are counted; whoever gives the sound records what it is."""
        self._count_frames_out(1, len(frame.data) + sum([len(line.data) for line in lines]))
        for message in frame.messages:
            size = len(encode_line(message))
            self._record_sent(message, size, expected_echo(message), by="speech")
        for line in lines:
            self._record_sent(line.message, len(line.data), line.echo, by=line.by)

    def _count_frames_out(self, frames: int, size: int) -> None:
        self.counts.frames_out += frames
        self.counts.bytes_out += size

    def _record_sent(
        self, message: Message, size: int, echo: Message | None, *, via: Via = "", by: By = ""
    ) -> None:
        self.counts.sent += 1
        type_ = self._types.get(message.type) or self._share(message.type)
        seq = self._log.next_seq
        event = Event(
            seq, time.time(), "sent", self._name, type_, message.args, size=size, via=via, by=by
        )
        self._log.add(event)
        if echo is not None:
            self._echoes.expect(echo, seq, time.monotonic(), by)

    def record_relayed(self, relayed: Relayed) -> None:
        """Records a frame of the upstream that was relayed to the agent."""
        self._count_frames_out(len(relayed.frames), sum(map(len, relayed.frames)))
        for item in relayed.items:
            if item.kind in ("line", "control"):
                self.record_audio()
                text = self._settings.hide(line_text(item))
                message = parse_message(text)
                self._record_sent(message, len(item.data), expected_echo(message), via="server")
            elif item.kind == "audio":
                size = len(item.data)
                self._audio.add(size - AUDIO_HEAD, size, time.monotonic())
        for warning in relayed.warnings:
            self.log_upstream("fault", N_("server → agent: {warning}").format(warning=warning))
        if self._rate.should_warn(len(relayed.frames), time.monotonic()):
            self.log_upstream("fault", f"server → agent: R112 {HAZARDS['R112']}")

    def record_audio(self) -> None:
        """Records the run of audio blocks before whatever comes behind them, or before another
        process goes on."""
        run = self._audio
        if run.blocks:
            self._audio = AudioRun()
            self._log.append("sent", self._name, text=run.text, size=run.size, via="server")

    @property
    def expected_echoes(self) -> tuple[ExpectedEcho, ...]:
        """The sent lines whose echo may still come."""
        return self._echoes.snapshot()

    def restore(self, counts: CountsSnapshot, echoes: Iterable[ExpectedEcho]) -> None:
        """Takes over the numbers and the expected echoes of another process."""
        self.counts.restore(counts)
        for each in echoes:
            self._echoes.expect(each.echo, each.seq, each.sent, each.by)

    def expire(self, now: float) -> None:
        """Marks the sent lines that got no echo in time as lost, and records audio that has ended;
        `now` is in monotonic seconds, infinite when neither echoes nor audio can come."""
        if self._audio.is_over(now):
            self.record_audio()
        lost = self._echoes.expire(now)
        self.counts.lost += len(lost)
        for seq in lost:
            self._log.lose(seq)

    def log_connection(self, kind: ConnectionEvent, text: str) -> None:
        """Records what happened to the connection to the agent."""
        self._log.append(kind, self._name, text=text)

    def log_upstream(self, kind: ConnectionEvent, text: str) -> None:
        """Records what happened to the connection to the upstream."""
        self.record_audio()
        self._log.append(kind, self._name, text=text, via="server")

    def record_refused(self, message: Message, reason: str) -> None:
        """Records why a line was not sent."""
        self._log.append("refused", self._name, message.type, message.args, text=reason)
