"""Messages as lines of the agent's log."""

from datetime import datetime

import pytest

from mdxdash.simulator.alllog import format_log, message_lines
from mdxdash.simulator.behavior import LogLine
from mdxdash.wire.log_line import parse_log_line
from mdxdash.wire.message import Message


@pytest.mark.parametrize(
    ("line", "sender", "listener"),
    [
        ("TEST_MESSAGE", "VIManager", "MMDAgent"),
        ("MODEL_ADD|mei|a.pmd", "VIManager", "MMDAgent"),
        ("MODEL_EVENT_ADD|mei", "MMDAgent", "VIManager"),
        ("VALUE_SET|a|1", "VIManager", "Variables"),
        ("VALUE_EVENT_SET|a", "Variables", "VIManager"),
        ("TIMER_START|t|1", "VIManager", "Variables"),
        ("TIMER_EVENT_STOP|t", "Variables", "VIManager"),
        ("SYNTH_START|mei|v|text", "VIManager", "Open_JTalk"),
        ("SYNTH_EVENT_START|mei", "Open_JTalk", "VIManager"),
        ("LIPSYNC_START|mei|a,100", "Open_JTalk", "MMDAgent"),
        ("RECOG_EVENT_STOP|はい", "Julius", "VIManager"),
        ("SOUND_START|s|a.wav", "VIManager", "Audio"),
        ("SOUND_EVENT_STOP|s", "Audio", "VIManager"),
        ("TEXTAREA_SET|t|x", "VIManager", "TextArea"),
        ("SUBFST_EVENT_START|s", "VIManager", "VIManager"),
        ("AVATAR|START", "Remote", "MMDAgent"),
        ("PLUGIN_EVENT_ENABLE|Audio", "Audio", "VIManager"),
    ],
)
def test_the_modules_of_a_message_follow_from_its_type(
    line: str, sender: str, listener: str
) -> None:
    assert message_lines(line, "") == [
        LogLine(sender, "Sent", line),
        LogLine(listener, "Captured", line),
    ]


def test_a_known_sender_is_used() -> None:
    sent, _ = message_lines("VALUE_EVENT_SET|a", "Remote")
    assert sent == LogLine("Remote", "Sent", "VALUE_EVENT_SET|a")


def test_a_log_line_has_the_time_and_the_ticks() -> None:
    text = format_log(LogLine("Remote", "Status", "x"), datetime(2026, 11, 22, 23, 59, 59), 1.25)
    assert text == "[2026/11/23 00:00:00.250] [6250000] Remote: Status: x\n\n"


def test_a_log_line_is_read_back() -> None:
    (sent, _) = message_lines("A|b", "Remote")
    line = parse_log_line(format_log(sent, datetime(2026, 11, 22), 0.0).rstrip("\n"))
    assert line is not None
    assert (line.time, line.ticks) == ("2026/11/22 00:00:00.000", 0)
    assert line.message == Message("A", "b")
