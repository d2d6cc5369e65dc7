"""One row an utterance, which grows while it sounds."""

from pathlib import Path

from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.hub.agent import HubAgent
from mdxdash.hub.traffic.speech_state import SpeechState
from mdxdash.settings.tables.hub_section import HubSettings
from mdxdash.tui.views.speech_rows import SpeechRows, progress_text
from tests.support.dashboards import running_dashboard


class Speaking(HubAgent):
    """An agent that is said to speak."""

    said: SpeechState | None = None

    @property
    def speech(self) -> SpeechState | None:
        return self.said


def begin(log: EventLog, key: str, text: str = "model 0 speaks for 3.2 s: greet.wav") -> Event:
    return log.append("sent", "chat", args=key, text=text, level="start", by="speech")


def end(log: EventLog, key: str, text: str, agent: str = "chat") -> Event:
    return log.append("sent", agent, args=key, text=text, level="end", by="speech")


def test_it_shows_how_far_it_is_and_then_how_it_ended() -> None:
    log = EventLog()
    agent = Speaking("chat", "/chat", log, HubSettings())
    rows = SpeechRows(log, lambda: [agent])
    first = begin(log, "0|7")
    agent.said = SpeechState("0", "greet.wav", played=1.6, seconds=3.2, ahead=0.3, number=7)
    assert rows.grown(first).text == (
        "model 0 speaks for 3.2 s: greet.wav  ━━━━━━────── 1.6/3.2 s, 0.3 s ahead (computed)"
    )
    agent.said = None
    assert rows.grown(first).text == first.text
    for _ in range(20_000):
        log.append("received", "chat", "A")
    end(log, "0|8", "another one")
    end(log, "0|7", "of another agent", agent="chat-1")
    end(log, "0|7", "model 0 has spoken greet.wav")
    for _ in range(5):
        shown = rows.grown(first).text
    assert shown == "model 0 has spoken greet.wav"


def test_what_another_utterance_does_is_not_shown() -> None:
    log = EventLog()
    agent = Speaking("chat", "/chat", log, HubSettings())
    agent.said = SpeechState("0", "greet.wav", number=8)
    rows = SpeechRows(log, lambda: [agent])
    assert rows.grown(begin(log, "0|7")).text == "model 0 speaks for 3.2 s: greet.wav"
    other = log.append("received", "chat", "A", "1")
    assert rows.grown(other) is other


def test_it_is_drawn_again_at_each_tenth_of_a_second() -> None:
    agent = Speaking("chat", "/chat", EventLog(), HubSettings())
    rows = SpeechRows(EventLog(), lambda: [agent])
    assert not rows.advance()
    agent.said = SpeechState("0", "greet.wav", played=0.51)
    assert rows.advance()
    agent.said = SpeechState("0", "greet.wav", played=0.55)
    assert not rows.advance()
    agent.said = SpeechState("0", "greet.wav", played=0.61)
    assert rows.advance()


def test_late_blocks_and_an_unknown_length_are_said() -> None:
    speech = SpeechState("0", "x", played=1.0, ahead=0.25, late=2)
    assert progress_text(speech) == "1.0 s, 0.2 s ahead, 2 late (computed)"


async def test_the_stream_has_one_row_an_utterance(tmp_path: Path) -> None:
    async with running_dashboard(tmp_path) as dashboard:
        begin(dashboard.log, "0|7")
        end(dashboard.log, "0|7", "model 0 has spoken greet.wav, 3.2 s (computed)")
        dashboard.log.append("fault", "chat", args="0|8", text="failed", level="end", by="speech")
        await dashboard.until(lambda: "has spoken greet.wav" in dashboard.screen())
        assert dashboard.rows() == ["", ""]
        assert "speaks for" not in "\n".join(dashboard.stream_lines())
        await dashboard.press("slash")
        await dashboard.type("spoken")
        await dashboard.until(lambda: len(dashboard.panes.stream.view) == 1)
