from datetime import datetime

import pytest

from mdxdash.simulator.behavior import LogLine
from mdxdash.simulator.content.content import BETWEEN_QUESTIONS, Content
from mdxdash.simulator.content.phrases import EXCHANGES
from mdxdash.wire.message import Message, parse_message

START = 1000.0


def content(**options: float) -> Content:
    behavior = Content(wall=datetime(2026, 11, 22, 19, 52), **options)
    behavior.start(START)
    return behavior


def lines_until(behavior: Content, end: float) -> list[tuple[float, str]]:
    """What a behavior says until `end`, in seconds since its start, each line with its time."""
    said = []
    now = START
    while (now := max(now, behavior.next_time())) <= START + end:
        for output in behavior.step(now):
            if isinstance(output, Message):
                said.append((round(now - START, 3), str(output)))
    return said


def lines(said: list[tuple[float, str]]) -> list[str]:
    return [line for _, line in said]


def answers(behavior: Content, command: str, seconds: float = 0.0) -> list[tuple[float, str]]:
    """What follows a command that is heard 1 s after the start, with the time from then."""
    lines_until(behavior, 1.0)
    behavior.on_input(START + 1.0)
    behavior.on_message(parse_message(command), START + 1.0)
    return [(round(time - 1.0, 3), line) for time, line in lines_until(behavior, 1.0 + seconds)]


def test_it_starts_like_an_agent() -> None:
    first = lines(lines_until(content(), 0.2))
    assert first[:4] == [
        "PLUGIN_EVENT_ENABLE|Variables",
        "PLUGIN_EVENT_ENABLE|TextArea",
        "PLUGIN_EVENT_ENABLE|VIManager",
        "STAGE|images/floor.png,images/back.png",
    ]
    assert first[-1] == "CURRENT_TIME|19|52"
    assert "MODEL_EVENT_ADD|0" in first
    assert "MOTION_EVENT_ADD|0|base" in first


def test_it_tells_the_time_every_30_s() -> None:
    said = [entry for entry in lines_until(content(), 100) if entry[1].startswith("CURRENT_TIME")]
    assert said == [
        (0.12, "CURRENT_TIME|19|52"),
        (30.12, "CURRENT_TIME|19|52"),
        (60.12, "CURRENT_TIME|19|53"),
        (90.12, "CURRENT_TIME|19|53"),
    ]


def idle(said: list[tuple[float, str]]) -> list[tuple[float, str]]:
    return [entry for entry in said if entry[1].startswith("AVATAR_EVENT_IDLE")]


def test_it_is_idle_after_15_s_without_input() -> None:
    assert idle(lines_until(content(), 60)) == [(15.0, "AVATAR_EVENT_IDLE|START")]


def test_input_puts_idleness_off() -> None:
    behavior = content()
    lines_until(behavior, 10)
    behavior.on_input(START + 10)
    assert idle(lines_until(behavior, 60)) == [(25.0, "AVATAR_EVENT_IDLE|START")]


def test_input_ends_idleness_until_15_s_later() -> None:
    behavior = content()
    lines_until(behavior, 20)
    behavior.on_input(START + 20)
    assert [line for _, line in idle(lines_until(behavior, 60))] == [
        "AVATAR_EVENT_IDLE|STOP",
        "AVATAR_EVENT_IDLE|START",
    ]


def test_people_ask_and_it_answers() -> None:
    said = lines(lines_until(content(), 8))
    asked = said.index("RECOG_EVENT_STOP|こんにちは")
    assert "RECOG_EVENT_START" in said[:asked]
    assert f"SYNTH_START|0|mei_voice_normal|{EXCHANGES[0].reply}" in said[asked:]
    assert "SYNTH_EVENT_STOP|0" in said[asked:]


def test_every_exchange_comes_up() -> None:
    said = lines(lines_until(content(), BETWEEN_QUESTIONS * (len(EXCHANGES) + 1)))
    assert {f"RECOG_EVENT_STOP|{exchange.question}" for exchange in EXCHANGES} <= set(said)


def test_speech_that_the_server_recognised_is_answered() -> None:
    said = lines(answers(content(), "RECOG_EVENT_STOP|もしもし"))
    assert "SYNTH_START|0|mei_voice_normal|「もしもし」と聞こえました。" in said


def test_at_double_speed_it_lives_twice_as_fast() -> None:
    usual = lines_until(content(), 20)
    fast = lines_until(content(speed=2.0), 10)
    assert lines(fast) == lines(usual)
    assert [time for time, _ in fast] == pytest.approx([time / 2 for time, _ in usual], abs=0.001)


def test_a_speed_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="speed is 0"):
        Content(speed=0)


REPLIES = {
    "MODEL_ADD|g1|g.pmd": [(0.03, "MODEL_EVENT_ADD|g1")],
    "MODEL_ADD|0|g.pmd": [],
    "MODEL_ADD|only": [],
    "MODEL_CHANGE|0|g.pmd": [(0.03, "MODEL_EVENT_CHANGE|0")],
    "MODEL_DELETE|0": [(0.5, "MODEL_EVENT_DELETE|0")],
    "MODEL_DELETE|nosuch": [],
    "MOTION_ADD|0|m|m.vmd|PART|ONCE": [
        (0.0, "MOTION_EVENT_ADD|0|m"),
        (1.86, "MOTION_EVENT_DELETE|0|m"),
    ],
    "MOTION_ADD|0|m|m.vmd|PART|LOOP": [(0.0, "MOTION_EVENT_ADD|0|m")],
    "MOTION_ADD|nosuch|m|m.vmd": [],
    "MOTION_DELETE|0|base": [(0.01, "MOTION_EVENT_DELETE|0|base")],
    "MOTION_CHANGE|0|base|m.vmd": [(0.0, "MOTION_EVENT_CHANGE|0|base")],
    "TURN_START|0|5,0,5": [(0.0, "TURN_EVENT_START|0"), (0.35, "TURN_EVENT_STOP|0")],
    "TIMER_START|t|1.5": [(0.0, "TIMER_EVENT_START|t"), (1.5, "TIMER_EVENT_STOP|t")],
    "TIMER_START|t|0": [],
    "TIMER_START|heart|1.0": [
        (0.0, "TIMER_EVENT_CANCELLED|heart"),
        (0.0, "TIMER_EVENT_START|heart"),
        (1.0, "TIMER_EVENT_STOP|heart"),
        (1.0, "TIMER_START|heart|7"),
        (1.0, "TIMER_EVENT_START|heart"),
    ],
    "TIMER_STOP|nosuch": [],
    "TIMER_CANCEL|nosuch": [(0.0, "TIMER_EVENT_CANCELLED|nosuch")],
    "VALUE_SET|v|1": [(0.0, "VALUE_EVENT_SET|v")],
    "VALUE_SET": [],
    "VALUE_GET|boot": [(0.0, "VALUE_EVENT_GET|boot|1")],
    "VALUE_GET|nosuch": [],
    "VALUE_EVAL|boot|GE|1": [(0.0, "VALUE_EVENT_EVAL|boot|GE|1|TRUE")],
    "VALUE_EVAL|boot|LT|1": [(0.0, "VALUE_EVENT_EVAL|boot|LT|1|FALSE")],
    "VALUE_UNSET|boot": [(0.0, "VALUE_EVENT_UNSET|boot")],
    "LIPSYNC_START|0|a,200,i,200": [
        (0.0, "LIPSYNC_EVENT_START|0"),
        (0.4, "LIPSYNC_EVENT_STOP|0"),
    ],
    "SYNTH_START|0|mei|あ": [
        (0.0, "SYNTH_EVENT_START|0"),
        (0.0, "LIPSYNC_START|0|sil,150,o,130,sil,150"),
        (0.0, "LIPSYNC_EVENT_START|0"),
        (0.43, "SYNTH_EVENT_STOP|0"),
        (0.43, "LIPSYNC_EVENT_STOP|0"),
        (0.43, "VALUE_SET|spoken|1"),
        (0.43, "VALUE_EVENT_SET|spoken"),
    ],
    "SYNTH_STOP|0": [],
    "SOUND_START|s|beep.wav": [(0.02, "SOUND_EVENT_START|s"), (1.6, "SOUND_EVENT_STOP|s")],
    "KEYVALUE_SET|k|v": [],
    "PLUGIN_DISABLE|Audio": [(0.0, "PLUGIN_EVENT_DISABLE|Audio")],
    "PLUGIN_ENABLE|Audio": [],
    "TEXTAREA_SET|ta|日本語": [(0.0, "TEXTAREA_EVENT_SET|ta")],
    "__AV_START": [(0.0, "AVATAR|START")],
    "UNKNOWN_COMMAND|a|b": [],
}


@pytest.mark.parametrize(("command", "replies"), REPLIES.items(), ids=REPLIES.keys())
def test_a_command_is_answered(command: str, replies: list[tuple[float, str]]) -> None:
    assert answers(content(), command, seconds=1.95) == replies


def test_speech_that_is_stopped_says_so() -> None:
    behavior = content()
    answers(behavior, "SYNTH_START|0|mei|とても長い話です")
    assert lines(answers(behavior, "SYNTH_STOP|0")) == [
        "SYNTH_EVENT_STOP|0",
        "LIPSYNC_STOP|0",
        "VALUE_SET|spoken|1",
        "LIPSYNC_EVENT_STOP|0",
        "VALUE_EVENT_SET|spoken",
    ]


def test_failures_are_told_in_the_log() -> None:
    behavior = content()
    lines_until(behavior, 1.0)
    behavior.on_message(Message("MODEL_ADD", "only"), START + 1.0)
    assert behavior.step(START + 1.0) == [
        LogLine("MMDAgent", "Error", "MODEL_ADD: too few arguments")
    ]


def test_without_a_user_it_is_silent_and_without_answers_it_leaves_them_to_others() -> None:
    assert "RECOG_EVENT_START" not in lines(lines_until(content(user=False), 30.0))
    spoken = answers(content(answers=False), "RECOG_EVENT_STOP|こんにちは", 1.0)
    assert not [line for _, line in spoken if line.startswith("SYNTH_START")]


def test_it_answers_after_the_delay() -> None:
    spoken = answers(content(delay=1.5), "RECOG_EVENT_STOP|こんにちは", 1.6)
    (time,) = [time for time, line in spoken if line.startswith("SYNTH_START")]
    assert time == pytest.approx(1.5, abs=0.01)
