"""The pacing of sound, against a player that is written from PROTOCOL.md alone."""

import itertools
import math
import random
from typing import Final

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdxdash.hub.traffic.sound_source import frames_due
from mdxdash.simulator.audio_player import AudioPlayer
from mdxdash.simulator.input_parser import Crash, Lost, Parser, Wedged
from mdxdash.speech.pcm_buffer import PcmBuffer
from mdxdash.speech.snapshot import StreamSnapshot
from mdxdash.speech.stream import SpeechStream
from mdxdash.speech.utterance import Utterance
from mdxdash.wire.framing import FRAME_INTERVAL, FRAME_MAX_BYTES
from tests.support.heard import noise, sounds

LINE: Final = b"VALUE_SET|score|10\n"


class Machine:
    """A hub's write loop and an agent, in a time of their own. Wake-ups are up to `latest` late."""

    def __init__(self, stream: SpeechStream, late: random.Random, latest: float = 0.0) -> None:
        self.now = 100.0
        self.stream = stream
        self.player = AudioPlayer()
        self.parser = Parser()
        self.lines = 0
        self.leads: list[float] = []
        self._late = late
        self._latest = latest
        self._next_frame = 0.0

    def run_until(self, until: float) -> None:
        """Sends what is due before a time."""
        while True:
            due = -math.inf if self.lines else self.stream.next_at()
            due = max(due, self._next_frame, self.now)
            if due >= until:
                self.now = until
                return
            self.now = due + self._late.uniform(0, self._latest)
            current = self.stream.current
            if current is not None and current.state == "speaking":
                self.leads.append(self.player.end - self.now)
            for frame in frames_due(self.stream, self.now):
                self._deliver(frame.data)
            if self.lines:
                self._deliver(b"")
            self._next_frame = self.now + FRAME_INTERVAL

    def _deliver(self, frame: bytes) -> None:
        lines = min(self.lines, (FRAME_MAX_BYTES - len(frame)) // len(LINE))
        self.lines -= lines
        frame += LINE * lines
        assert len(frame) <= FRAME_MAX_BYTES
        for outcome in self.parser.feed(frame):
            assert not isinstance(outcome, Crash | Lost | Wedged), outcome
            self.player.feed(outcome, self.now)


NUMBERS = itertools.count(1)


def utterance(model: str, seconds: float, seed: int) -> Utterance:
    pcm = PcmBuffer()
    pcm.append(noise(seconds, seed))
    pcm.finish()
    return Utterance(next(NUMBERS), model, "test", pcm)


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("speak"), st.sampled_from("01"), st.integers(0, 3000)),
        st.tuples(st.just("pause"), st.just(""), st.integers(0, 4000)),
        st.tuples(st.just("stop"), st.sampled_from(["", "0", "1"]), st.just(0)),
        st.tuples(st.just("lines"), st.just(""), st.integers(1, 200)),
    ),
    max_size=12,
)


@given(ACTIONS, st.integers(0, 100), st.sampled_from([0.0, 0.03, 0.15]))
@settings(max_examples=60, deadline=None)
def test_what_is_played_is_what_was_given_and_nothing_harms(
    actions: list[tuple[str, str, int]], seed: int, latest: float
) -> None:
    stream = SpeechStream()
    machine = Machine(stream, random.Random(seed), latest)
    given_: list[tuple[Utterance, bytes]] = []
    for number, (action, model, amount) in enumerate(actions):
        if action == "speak":
            each = utterance(model, amount / 1000, seed + number)
            given_.append((each, noise(amount / 1000, seed + number)))
            stream.add(each)
        elif action == "pause":
            machine.run_until(machine.now + amount / 1000)
        elif action == "stop":
            stream.stop(machine.now, model or None)
        else:
            machine.lines += amount
    machine.run_until(machine.now + 200)
    player = machine.player
    assert stream.is_idle
    assert (machine.lines, player.harms, player.gaps) == (0, [], [])
    assert all(each.is_over and each.late == 0 for each, _ in given_)
    # In each model's order, and each to its end, or to where it was stopped.
    for model in "01":
        heard = b"".join(each.pcm for each in player.played if each.model == model)
        for each, pcm in given_:
            if each.model != model or not each.sent_bytes:
                continue
            if each.state == "spoken":
                assert each.sent_bytes == len(pcm)
            assert heard.startswith(pcm[: each.sent_bytes])
            rest = heard[each.sent_bytes :]
            padding = len(rest) - len(rest.lstrip(b"\0"))
            heard = rest[padding // 2 * 2 :]
        assert not sounds(heard)


def test_a_slow_machine_and_many_lines_leave_a_lead() -> None:
    for latest in (0.0, 0.15):
        stream = SpeechStream()
        machine = Machine(stream, random.Random(1), latest)
        stream.add(utterance("0", 20, 1))
        end = machine.now + 21
        while machine.now < end:
            machine.lines += 2
            machine.run_until(machine.now + 0.01)
        assert machine.player.gaps == []
        assert min(machine.leads[5:]) > 0.1


def test_sound_that_is_made_too_slowly_is_counted_as_late() -> None:
    stream = SpeechStream()
    machine = Machine(stream, random.Random(1))
    slow = Utterance(next(NUMBERS), "0", "slow")
    stream.add(slow)
    slow.pcm.append(noise(0.4))
    machine.run_until(machine.now + 1)
    slow.pcm.append(noise(0.4, 2))
    slow.pcm.finish()
    machine.run_until(machine.now + 3)
    assert slow.late == 1
    assert len(machine.player.gaps) == 1
    assert sounds(machine.player.pcm) == noise(0.4) + noise(0.4, 2)


def test_another_model_waits_until_the_mouth_is_closed_and_models_take_turns() -> None:
    stream = SpeechStream()
    machine = Machine(stream, random.Random(1))
    for number in range(2):
        stream.add(utterance("a", 0.1, number))
        stream.add(utterance("b", 0.1, number))
    machine.run_until(machine.now + 20)
    assert [each.model for each in machine.player.played] == ["a", "b", "a", "b"]
    assert machine.player.harms == []


@pytest.mark.parametrize("at", [0.0, 0.05, 0.3, 0.9, 1.05, 1.2, 1.5, 3.0])
def test_another_process_goes_on_where_this_one_ends(at: float) -> None:
    pcm = noise(1.0, 1)
    machine = Machine(SpeechStream(), random.Random(1))
    machine.stream.add(utterance("0", 1.0, 1))
    machine.stream.add(utterance("1", 0.3, 2))
    machine.run_until(machine.now + at)
    left = msgspec.msgpack.decode(
        msgspec.msgpack.encode(machine.stream.snapshot("chat")), type=StreamSnapshot
    )
    machine.stream = SpeechStream()
    machine.stream.restore(left)
    machine.run_until(machine.now + 10)
    player = machine.player
    assert (player.gaps, player.harms) == ([], [])
    assert b"".join(sounds(each.pcm) for each in player.played) == pcm + noise(0.3, 2)
    assert machine.stream.is_idle


@pytest.mark.parametrize("at", [0.05, 0.3, 0.9, 1.05, 1.2, 1.5])
def test_what_a_process_left_that_is_gone_is_ended_cleanly(at: float) -> None:
    machine = Machine(SpeechStream(), random.Random(1))
    machine.stream.add(utterance("0", 1.0, 1))
    machine.run_until(machine.now + at)
    end = machine.now + machine.stream.lead
    machine.stream = SpeechStream()
    machine.stream.restore(StreamSnapshot("chat", "0", True, end, must_break=True))
    machine.stream.add(utterance("0", 0.3, 2))
    machine.run_until(machine.now + 10)
    assert machine.player.gaps == []
    assert "the mouth" not in str(machine.player.harms)
    heard = b"".join(sounds(each.pcm) for each in machine.player.played)
    assert heard.endswith(noise(0.3, 2))
    assert noise(1.0, 1).startswith(sounds(heard.removesuffix(noise(0.3, 2)))[:-512])


def test_an_alias_that_leaves_no_room_for_a_block_is_set_in_a_frame_of_its_own() -> None:
    stream = SpeechStream()
    machine = Machine(stream, random.Random(1))
    stream.add(utterance("a" * 300, 0.5, 1))
    machine.run_until(machine.now + 3)
    assert sounds(machine.player.pcm) == noise(0.5, 1)


def test_of_the_text_of_a_stopped_one_as_much_is_heard_as_of_its_sound() -> None:
    machine = Machine(SpeechStream(), random.Random(1))
    spoken = utterance("0", 5.0, 1)
    spoken.text = "あいうえおかきくけこ"
    machine.stream.add(spoken)
    machine.run_until(machine.now + 1.5)
    machine.stream.stop(machine.now)
    machine.run_until(machine.now + 3)
    assert spoken.stopped is not None
    share = spoken.stopped.heard / 5.0
    assert 0.2 < share < 0.6
    assert spoken.stopped.text == spoken.text[: round(10 * share)]
