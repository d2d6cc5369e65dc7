from datetime import datetime

import pytest

from mdxdash.simulator.behavior import Behavior, Playback
from mdxdash.simulator.content.content import Content
from mdxdash.simulator.simulated_agent import FRAME_LIMIT, SimulatedAgent
from mdxdash.wire.message import Message
from tests.support.clock import live


def connected(behavior: Behavior | None = None, **options: bool) -> SimulatedAgent:
    agent = SimulatedAgent(
        behavior or Behavior(), wall=datetime(2026, 11, 22, 19, 48, 26), **options
    )
    agent.connect(0.0)
    return agent


def frames(written: list[tuple[float, bytes]]) -> list[bytes]:
    return [frame for _, frame in written]


def test_every_line_is_echoed_in_order() -> None:
    agent = connected()
    agent.receive(b"A|1\nB\n", 1.0)
    assert frames(live(agent, 1.0, 2.0)) == [b"A|1\n", b"B\n"]


@pytest.mark.parametrize("arrival", [1.0, 1.004, 1.008, 1.012, 1.016])
def test_an_echo_takes_10_to_21_ms(arrival: float) -> None:
    agent = connected()
    agent.receive(b"A\n", arrival)
    ((time, _),) = live(agent, arrival, 2.0)
    assert 0.010 <= time - arrival + 1e-9 <= 0.0211


def test_avatar_and_audio_lines_are_not_echoed() -> None:
    agent = connected()
    agent.receive(b"__AV_START\nSNDFILE\nSND0002ab__AVX\n", 1.0)
    assert live(agent, 1.0, 2.0) == []


def test_an_escaped_message_is_echoed_as_itself() -> None:
    agent = connected()
    agent.receive(b"__AV_MESSAGE,SNDFOO|x\n", 1.0)
    assert frames(live(agent, 1.0, 2.0)) == [b"SNDFOO|x\n"]


def test_a_long_echo_is_cut_inside_a_character() -> None:
    agent = connected()
    agent.receive("A|{}\n".format("日" * 682).encode(), 1.0)
    ((_, frame),) = live(agent, 1.0, 2.0)
    assert len(frame) == FRAME_LIMIT
    with pytest.raises(UnicodeDecodeError):
        frame.decode()


def flood(agent: SimulatedAgent, frames_a_second: int) -> list[tuple[float, bytes]]:
    """What an agent writes while it is sent to for 2 s at that rate."""
    written = []
    for count in range(2 * frames_a_second):
        now = 1.0 + count / frames_a_second
        agent.receive(b"A|%d\n" % count, now)
        written += live(agent, now, now + 1 / frames_a_second - 1e-6)
    return written


def test_at_90_frames_a_second_it_keeps_writing() -> None:
    assert len(flood(connected(), 90)) > 170


def test_at_200_frames_a_second_it_is_silent() -> None:
    assert flood(connected(), 200) == []


def test_after_a_flood_everything_is_echoed_in_order() -> None:
    agent = connected()
    flood(agent, 200)
    assert frames(live(agent, 3.0, 4.0)) == [b"A|%d\n" % count for count in range(400)]


def test_a_flood_silences_the_agents_own_messages() -> None:
    assert flood(connected(Content()), 200) == []


def test_many_lines_in_few_frames_do_not_silence_it() -> None:
    agent = connected()
    written = []
    for beat in range(50):
        now = 1.0 + beat * 0.02
        agent.receive(b"".join(b"A|%d\n" % line for line in range(100)), now)
        written += live(agent, now, now + 0.0199)
    assert len(written) >= 4900


def test_what_is_said_while_away_is_never_sent() -> None:
    agent = connected()
    agent.disconnect()
    agent.issue(Message("LOST"), 1.0)
    live(agent, 1.0, 2.0)
    agent.connect(2.0)
    agent.issue(Message("SENT"), 2.0)
    assert frames(live(agent, 2.0, 3.0)) == [b"SENT\n"]


def test_what_is_said_is_acted_on() -> None:
    agent = connected(Content())
    live(agent, 0.0, 1.0)
    agent.issue(Message("VALUE_SET", "x|1"), 1.0)
    assert frames(live(agent, 1.0, 2.0)) == [b"VALUE_SET|x|1\n", b"VALUE_EVENT_SET|x\n"]


def test_an_own_life_answers_after_the_echo() -> None:
    agent = connected(Content())
    live(agent, 0.0, 1.0)
    agent.receive(b"TIMER_START|t|60\n", 1.0)
    assert frames(live(agent, 1.0, 2.0)) == [b"TIMER_START|t|60\n", b"TIMER_EVENT_START|t\n"]


def test_a_recording_is_played_frame_by_frame() -> None:
    behavior = Playback([(0.5, b"A\n"), (2.0, b"[x] not a message\n\n")], speed=2.0)
    agent = connected(behavior)
    written = live(agent, 0.0, 5.0)
    assert frames(written) == [b"A\n", b"[x] not a message\n\n"]
    assert [time for time, _ in written] == pytest.approx([0.25, 1.0], abs=0.02)
    assert behavior.finished


def test_with_its_log_it_sends_log_lines_instead_of_messages() -> None:
    agent = connected(log=True)
    agent.receive(b"TEST_MESSAGE\n", 1.0)
    sent, captured = frames(live(agent, 1.0, 2.0))
    assert sent == b"[2026/11/22 19:48:27.016] [5083333] Remote: Sent: TEST_MESSAGE\n\n"
    assert captured.endswith(b"] MMDAgent: Captured: TEST_MESSAGE\n\n")


def test_its_log_tells_what_failed() -> None:
    agent = connected(Content(), log=True)
    live(agent, 0.0, 1.0)
    agent.receive(b"VALUE_GET|nosuch\n", 1.0)
    warning = frames(live(agent, 1.0, 2.0))[-1]
    assert warning.endswith(b'] Variables: Warning: alias "nosuch" not exist\n\n')
