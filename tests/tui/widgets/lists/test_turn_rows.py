"""A turn as rows of a conversation."""

import pytest

from mdxdash.dialogue.turn import Turn
from mdxdash.tui.widgets.agent_signs import AgentSign
from mdxdash.tui.widgets.lists.turn_rows import TurnLayout, latency_style, turn_rows
from tests.support.dialogues import BEGIN, Followed, follow, script
from tests.support.hostile_text import HOSTILE, active

ANSWER = (
    "1 RECOG_EVENT_START",
    "2 RECOG_EVENT_STOP|天気は",
    "2 MOTION_ADD|gene|bow|a.vmd",
    "2.5 SYNTH_START|gene|s|今日は晴れです。",
    "2.75 SYNTH_EVENT_START|gene",
)


def texts(turn: Turn, width: int = 120, now: float = BEGIN + 10) -> list[str]:
    rows = turn_rows(turn, TurnLayout(width), now)
    return ["".join(part.text for part in row).rstrip() for row in rows]


def test_the_user_the_agent_the_latency_and_the_motions() -> None:
    user, agent, motions = texts(follow(*ANSWER).turns[0])
    assert user.strip().endswith("user ▏ 天気は")
    assert agent.strip().startswith("gene ▏ 今日は晴れです。")
    assert agent.endswith("▄ 0.75 s = 0.50 decided + 0.25 voice")
    assert motions.strip() == "· motions: gene bow"


def test_a_narrow_terminal_has_the_whole_latency_only() -> None:
    assert texts(follow(*ANSWER).turns[0], 78)[1].endswith("▄ 0.75 s")


def test_what_is_long_goes_on_in_further_rows() -> None:
    words = "ながいはなし。" * 12
    rows = texts(follow(f"1 RECOG_EVENT_STOP|{words}").turns[0], 60)
    assert "".join(row.split("▏ ")[1] for row in rows if "▏" in row).startswith(words)


def test_no_answer_and_waiting_for_one() -> None:
    [turn] = Followed(script("1 RECOG_EVENT_STOP|a"), finish=False).turns
    assert "… waiting 9 s" in texts(turn)[0]
    first, _ = follow("1 RECOG_EVENT_STOP|a", "4 RECOG_EVENT_STOP|b").turns
    assert "✕ no answer for 3 s" in texts(first)[0]


def test_interruptions_cuts_and_doubts_are_said() -> None:
    first, second = follow(
        "0 SYNTH_START|m|s|one",
        "0 SYNTH_START|m|s|two",
        "0 SYNTH_EVENT_START|m",
        "0 LIPSYNC_START|m|a,4000",
        "1.5 RECOG_EVENT_START",
        "1.6 SYNTH_STOP|m",
        "1.75 SYNTH_EVENT_STOP|m",
        "2 RECOG_EVENT_STOP|stop",
    ).turns
    assert "↯ interrupts m (1.5 of 4.0 s), which is cut off" in texts(second)[0]
    assert texts(first)[0].endswith("unasked")
    assert texts(first)[1].endswith("one  (no voice)")
    assert texts(first)[2].endswith("two  (or another text)  ╳ cut off after 1.8 s")


def test_errors_are_rows_of_their_own() -> None:
    from mdxdash.events.event import Event

    error = Event(9, BEGIN + 3, "log", "chat", text="no file", module="MMDAgent", level="Error")
    [turn] = Followed([*script(*ANSWER), error]).turns
    assert texts(turn)[-1].strip() == "! MMDAgent: no file"


def test_several_agents_have_their_signs() -> None:
    [turn] = follow(*ANSWER).turns
    rows = turn_rows(turn, TurnLayout(100), BEGIN, AgentSign("B", "agent-1"))
    assert rows[0][0] == ("B", "agent-1")


@pytest.mark.parametrize(
    ("seconds", "limit", "style"), [(1.0, None, "strong"), (1.0, 1.2, "good"), (1.3, 1.2, "bad")]
)
def test_the_limit_decides_the_colour(seconds: float, limit: float | None, style: str) -> None:
    assert latency_style(seconds, limit) == style


def test_hostile_text_is_inert() -> None:
    text = HOSTILE.replace("|", "")
    followed = follow(
        f"1 RECOG_EVENT_STOP|{text}",
        f"1 MOTION_ADD|{text}|{text}|x",
        f"2 SYNTH_START|{text}|s|{text}",
        f"2 SYNTH_EVENT_START|{text}",
    )
    assert not active("\n".join(texts(followed.turns[0], 90)))
