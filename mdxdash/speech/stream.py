"""The sound of one agent: which block is sent when, so that it plays without a gap.

The agent says nothing of what it plays, so the end of the sound is computed: each block extends it
by its length, from the present on if all has been played. A block is due while less than the lead
is sent ahead. That decides by the clock alone: a timer that fires late is made up for. What
MMDAgent-EX does with audio is in PROTOCOL.md, *Audio*. Pure: times are given, in monotonic seconds.
"""

import array
import math
import sys
from collections import deque
from collections.abc import Callable
from typing import Final

from mdxdash.hub.traffic.sound_source import SoundFrame
from mdxdash.hub.traffic.speech_state import SpeechState
from mdxdash.language.translation import N_
from mdxdash.settings.model import SpeechSettings
from mdxdash.speech.pcm_buffer import BYTES_A_SECOND, PcmBuffer
from mdxdash.speech.snapshot import StreamSnapshot, UtteranceSnapshot
from mdxdash.speech.utterance import Stopped, Utterance
from mdxdash.wire.audio import BLOCK_BYTES, SET_MODEL, audio_blocks
from mdxdash.wire.framing import FRAME_MAX_BYTES, encode_line
from mdxdash.wire.message import Message, parse_message

DEFAULT_LEAD: Final = SpeechSettings().lead
"""Seconds of sound that are sent ahead. 0.2 had no gap on the real program (PROTOCOL.md)."""

LEAD_MAX: Final = 30.0
"""The agent holds 60 s of sound, and loses what exceeds that."""

START_DELAY: Final = 0.05
"""Seconds from a block to its sound when nothing plays: 27 to 60 ms were measured."""

_EARLIER: Final = 0.023
"""Seconds by which the sound may begin, and so end, before what is computed with `START_DELAY`."""

PATIENCE: Final = 0.75
"""Seconds from the end of the sound to `__AV_END` or to another model. Before 0.5 s the mouth would
stay as it is (PROTOCOL.md); the rest is for an agent that took the first block late."""

PLAYED_BYTES: Final = 512
"""The agent plays 256 samples at a time, and throws a smaller rest away at `SNDBRKS`."""

PADDING_BYTES: Final = BYTES_A_SECOND // 10
"""Silence behind an utterance, at least: 0.1 s."""

FLUSH_AT: Final = 0.1
"""Seconds before the end of the sound at which less than a block is sent, if no more was made."""

_START: Final = Message("__AV_START")
_END: Final = Message("__AV_END")
_FILE: Final = Message("SNDFILE")
"""Every sample moves the mouth. `SNDSTRM` would take pauses for ends of speech."""
_BREAK: Final = Message("SNDBRKS")


class SpeechStream:
    """The utterances of one agent, and the one stream that they share. Implements `SoundSource`.

    Each model has a queue of utterances; models with waiting ones take turns.
    """

    def __init__(self, lead: float = DEFAULT_LEAD) -> None:
        self.lead = lead
        self.on_model: Callable[[str | None], None] = lambda model: None
        """Called with the model that the agent is about to be told to play sound to, and with None
        at the end."""
        self._queues: dict[str, deque[Utterance]] = {}
        """Of models with waiting utterances, the one whose turn is next first."""
        self._current: Utterance | None = None
        self._sounding: deque[Utterance] = deque()
        """Sent, with their ends in order."""
        self._model: str | None = None
        """The model that the agent's stream is set to."""
        self._is_started = False
        """Whether `__AV_START` was sent, and no `__AV_END` since."""
        self._end = -math.inf
        """When all that was sent has been played."""
        self._padded = 0
        """Bytes of the current utterance that were sent, with its padding."""
        self._tail = b""
        """The padding that is left to send, and the sound before it."""
        self._ending = False
        self._must_break = False
        """Whether `SNDBRKS` is missing behind what another process sent."""

    @property
    def _ahead(self) -> float:
        """Seconds of sound by the computation that leave the lead also where sound began early."""
        return self.lead + _EARLIER

    @property
    def current(self) -> Utterance | None:
        """The utterance that is sent now, or sounds now."""
        return self._current or (self._sounding[-1] if self._sounding else None)

    @property
    def waiting(self) -> tuple[Utterance, ...]:
        """The utterances of which nothing was sent."""
        return tuple(each for queue in self._queues.values() for each in queue)

    @property
    def open_model(self) -> str | None:
        """The model that the agent was told to play sound to; None after the end of the sound."""
        return self._model if self._is_started else None

    @property
    def is_idle(self) -> bool:
        """Whether nothing sounds or waits, and the agent was told so."""
        return not (self._queues or self._current or self._sounding or self._is_started)

    def state(self, now: float) -> SpeechState | None:
        """Returns what is spoken at `now`; None if nothing is."""
        # What sounds, not what is sent already behind it.
        utterance = self._sounding[0] if self._sounding else self._current
        if utterance is None:
            return None
        return SpeechState(
            model=utterance.model,
            what=utterance.text or utterance.name,
            played=utterance.played(now),
            seconds=utterance.seconds,
            ahead=self.sounds_for(now),
            level=utterance.level(now),
            late=utterance.late,
            waiting=len(self.waiting),
            number=utterance.number,
        )

    def sounds_for(self, now: float) -> float:
        """Returns the seconds for which what was sent still sounds."""
        return max(0.0, self._end - now)

    def add(self, utterance: Utterance) -> None:
        """Adds an utterance at the end of the queue of its model."""
        self._queues.setdefault(utterance.model, deque()).append(utterance)

    def stop(self, now: float, model: str | None = None) -> list[Utterance]:
        """Stops the utterances of a model, or of all: nothing more of them is sent. Returns them.
        What was sent already sounds on (PROTOCOL.md: nothing stops it)."""
        stopped: list[Utterance] = []
        for utterance in self._sounding:
            # All of it was sent: it is heard to its end.
            if model in (None, utterance.model):
                stopped.append(utterance)
                utterance.stopped = Stopped(
                    utterance.sent, max(0.0, (utterance.ends_at or now) - now), utterance.text
                )
        current = self._current
        if current is not None and model in (None, current.model):
            stopped.append(current)
            share = current.sent / (current.seconds or math.inf)  # before its length is forgotten
            current.pcm.clear()
            self._tail = b""
            text = current.text[: round(len(current.text) * min(1.0, share))]
            current.stopped = Stopped(current.sent, self.sounds_for(now), text)
        for alias in [alias for alias in self._queues if model in (None, alias)]:
            for utterance in self._queues.pop(alias):
                stopped.append(utterance)
                utterance.pcm.clear()
                utterance.stopped = Stopped(0.0, 0.0)
                utterance.change("stopped")
        return stopped

    def next_at(self) -> float:
        """Returns when to call `take`; infinity while there is nothing to do."""
        current = self._current
        if self._must_break:
            return -math.inf
        if current is not None:
            due = self._next_block_at(current)
        elif (first := self._first_waiting()) is not None:
            is_other = self._is_started and first.model != self._model
            due = self._end + PATIENCE if is_other else self._end - self._ahead
        else:
            due = self._end + PATIENCE if self._is_started else math.inf
        if self._sounding:
            due = min(due, self._sounding[0].ends_at or -math.inf)
        return due

    def take(self, now: float) -> SoundFrame | None:
        """Returns the frame that is due at `now`; None if there is none."""
        while self._sounding and (self._sounding[0].ends_at or 0.0) <= now:
            ended = self._sounding.popleft()
            ended.change("stopped" if ended.stopped else "failed" if ended.failure else "spoken")
        if self._must_break:
            self._must_break = False
            return self._frame([_BREAK])
        if self._current is not None:
            if self._next_block_at(self._current) > now:
                return None
            return self._frame([], self._next_block(self._current, now))
        first = self._first_waiting()
        if first is not None and not len(first.pcm):
            self._drop(first)
            return None
        if first is None:
            if not self._is_started or self._end + PATIENCE > now:
                return None
            self._is_started, self._model = False, None
            self.on_model(None)
            return self._frame([_END])
        is_other = self._is_started and first.model != self._model
        if now < (self._end + PATIENCE if is_other else self._end - self._ahead):
            return None
        messages = [] if self._is_started else [_START]
        if first.model != self._model:
            messages += [parse_message(SET_MODEL + first.model), _FILE]
        self._begin(first)
        # With its first block, if one frame can hold both.
        head = b"".join(map(encode_line, messages))
        if len(head) + BLOCK_BYTES + 7 + 8 > FRAME_MAX_BYTES:
            return SoundFrame(head, tuple(messages))
        return self._frame(messages, self._next_block(first, now))

    def snapshot(self, agent: str) -> StreamSnapshot:
        """Returns what another process needs to go on."""
        return StreamSnapshot(
            agent,
            self._model,
            self._is_started,
            self._end,
            self._padded,
            self._tail,
            self._ending,
            None if self._current is None else _snapshot(self._current),
            tuple(map(_snapshot, self._sounding)),
            tuple(map(_snapshot, self.waiting)),
        )

    def restore(self, left: StreamSnapshot) -> tuple[Utterance, ...]:
        """Takes over what another process left. Returns the utterances that are not over."""
        self._model, self._is_started = left.model, left.is_started
        self._end, self._padded, self._tail = left.end, left.padded, left.tail
        self._ending = left.is_ending
        self._must_break = left.must_break
        self._current = None if left.current is None else _utterance(left.current)
        self._sounding.extend(map(_utterance, left.sounding))
        for each in map(_utterance, left.waiting):
            self.add(each)
        return (*([self._current] if self._current else []), *self._sounding, *self.waiting)

    def lost(self) -> None:
        """The agent is gone, and what it was to play with it."""
        unfinished = [*self._sounding, *([self._current] if self._current else []), *self.waiting]
        self._queues.clear()
        self._sounding.clear()
        self._current = self._model = None
        self._is_started = self._ending = self._must_break = False
        self._end = -math.inf
        self._tail = b""
        for utterance in unfinished:
            utterance.pcm.clear()
            utterance.failure = N_("the agent is gone")
            utterance.change("failed")

    def _first_waiting(self) -> Utterance | None:
        """Returns the utterance whose turn is next, once enough of it was made."""
        for queue in self._queues.values():
            pcm = queue[0].pcm
            # One that is complete, or that will not starve at once.
            if pcm.complete or len(pcm) >= self.lead * BYTES_A_SECOND:
                return queue[0]
        return None

    def _drop(self, utterance: Utterance) -> None:
        """Removes a waiting utterance of which no sound could be made."""
        queue = self._queues[utterance.model]
        queue.popleft()
        if not queue:
            del self._queues[utterance.model]
        utterance.failure = utterance.pcm.failure or N_("there is no sound in it")
        utterance.change("failed")

    def _begin(self, utterance: Utterance) -> None:
        queue = self._queues.pop(utterance.model)
        queue.popleft()
        if queue:
            self._queues[utterance.model] = queue  # behind the other models
        self._model, self._is_started = utterance.model, True
        self.on_model(self._model)
        self._current = utterance
        self._padded = 0
        self._tail = b""
        self._ending = False
        utterance.change("speaking")

    def _next_block_at(self, utterance: Utterance) -> float:
        if self._tail or len(utterance.pcm) >= BLOCK_BYTES or utterance.pcm.complete:
            return -math.inf if utterance.stopped else self._end - self._ahead
        return self._end - FLUSH_AT if len(utterance.pcm) else math.inf

    def _next_block(self, utterance: Utterance, now: float) -> tuple[bytes, bool]:
        """Returns the next sound to send, up to a block, and whether it is the last of the
        utterance."""
        begins = max(now + START_DELAY, self._end)
        if utterance.sent_bytes > 0 and self._end < now and not self._ending:
            utterance.late += 1
        pcm = b"" if self._ending else utterance.pcm.take(BLOCK_BYTES)
        if pcm:
            if utterance.begins_at is None:
                utterance.begins_at = begins
            utterance.sent_bytes += len(pcm)
            utterance.add_level(begins, _peak(pcm))
            utterance.ends_at = begins + len(pcm) / BYTES_A_SECOND
        if utterance.pcm.complete and not len(utterance.pcm) and not self._ending:
            self._ending = True
            # A stopped one needs no silence, but whole units: else its last samples are lost.
            silence = 0 if utterance.stopped else PADDING_BYTES
            sent = self._padded + len(pcm)
            self._tail = bytes(silence + -(sent + silence) % PLAYED_BYTES)
        if self._ending:
            room = BLOCK_BYTES - len(pcm)
            pcm += self._tail[:room]
            self._tail = self._tail[room:]
        if pcm:
            self._end = begins + len(pcm) / BYTES_A_SECOND
            self._padded += len(pcm)
        is_last = self._ending and not self._tail
        if is_last:
            self._finish(utterance, now)
        return pcm, is_last

    def _finish(self, utterance: Utterance, now: float) -> None:
        self._current = None
        if utterance.pcm.failure:
            utterance.failure = utterance.pcm.failure
        if utterance.ends_at is None:
            utterance.change("failed" if utterance.failure else "stopped")
            return
        if utterance.stopped:
            utterance.stopped = Stopped(
                utterance.sent, self.sounds_for(now), utterance.stopped.text
            )
        self._sounding.append(utterance)
        utterance.change("sounding")

    def _frame(
        self, messages: list[Message], block: tuple[bytes, bool] = (b"", False)
    ) -> SoundFrame:
        pcm, is_last = block
        data = b"".join(map(encode_line, messages)) + b"".join(audio_blocks(pcm))
        if is_last:
            data += encode_line(_BREAK)
            messages = [*messages, _BREAK]
        return SoundFrame(data, tuple(messages))


def _snapshot(utterance: Utterance) -> UtteranceSnapshot:
    pcm = utterance.pcm
    return UtteranceSnapshot(
        number=utterance.number,
        model=utterance.model,
        name=utterance.name,
        text=utterance.text,
        file=utterance.file,
        state=utterance.state,
        pcm=pcm.copy(),
        made=pcm.made,
        complete=pcm.complete,
        total=pcm.total,
        failure=pcm.failure or utterance.failure,
        sent_bytes=utterance.sent_bytes,
        asked_at=utterance.asked_at,
        begins_at=utterance.begins_at,
        ends_at=utterance.ends_at,
        late=utterance.late,
        stopped=utterance.stopped,
    )


def _utterance(left: UtteranceSnapshot) -> Utterance:
    pcm = PcmBuffer(left.total)
    pcm.restore(left.pcm, left.made)
    pcm.complete, pcm.failure = left.complete, left.failure
    utterance = Utterance(
        left.number, left.model, left.name, pcm, text=left.text, asked_at=left.asked_at
    )
    utterance.file, utterance.state = left.file, left.state
    utterance.sent_bytes, utterance.late = left.sent_bytes, left.late
    utterance.begins_at, utterance.ends_at = left.begins_at, left.ends_at
    utterance.stopped, utterance.failure = left.stopped, left.failure
    return utterance


def _peak(pcm: bytes) -> float:
    samples = array.array("h", pcm)
    if sys.byteorder == "big":
        samples.byteswap()
    return max(*samples, -min(samples)) / 32768
