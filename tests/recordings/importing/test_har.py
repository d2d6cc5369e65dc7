"""HAR files of a browser with the messages of WebSockets."""

from pathlib import Path

import pytest

from mdxdash.recordings.importing.detection import RecordingError
from mdxdash.recordings.importing.har import har_events, is_har
from mdxdash.recordings.opening import open_recording
from tests.support.recorded import FOREIGN


def test_messages_come_with_their_time_direction_and_agent() -> None:
    found = har_events((FOREIGN / "browser.har").read_bytes())
    assert [(each.seq, each.kind, each.agent, each.type, each.args) for each in found.events] == [
        (1, "received", "chat", "RECOG_EVENT_STOP", "こんにちは"),
        (2, "sent", "chat", "SYNTH_START", "0|mei_voice_normal|こんにちは"),
        (3, "sent", "chat", "TEST_MESSAGE", ""),
        (4, "log", "chat", "TEST_MESSAGE", ""),
        (5, "sent", "chat", "SNDSTRM", ""),
    ]
    assert found.events[0].time == 1795344506.306
    assert found.problem == (
        "1 part of it cannot be read, the first: message 5 of entry 2: binary data that is no text"
    )


def test_what_cannot_be_read_is_an_event_at_the_end() -> None:
    recording = open_recording(FOREIGN / "browser.har")
    events = [event for chunk in recording.read_chunks() for event in chunk]
    assert (len(events), events[-1].kind) == (6, "fault")
    assert "message 5 of entry 2" in recording.damages[0].reason


def test_one_odd_message_costs_no_other() -> None:
    found = har_events(
        b'{"log":{"entries":[{"_webSocketMessages":7},{"_webSocketMessages":[{"type":1},'
        b'{"type":"receive","time":2,"data":"A\\n"},{"type":"other","time":1,"data":""}]}]}}'
    )
    assert [event.type for event in found.events] == ["A"]
    assert found.problem.startswith("3 parts of it cannot be read, the first: entry 1: ")


@pytest.mark.parametrize("content", [b'{"log":{"entries":[', b'{"log":{"entries":3}}'])
def test_a_har_file_that_is_cut_off_is_refused_with_the_reason(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "cut.har"
    path.write_bytes(content)
    with pytest.raises(RecordingError, match="the HAR file cannot be read: "):
        open_recording(path)


def test_a_har_file_without_messages_is_refused_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "none.har"
    path.write_bytes(b'{"log": {"version": "1.2", "entries": []}}')
    with pytest.raises(RecordingError, match="without messages of a WebSocket"):
        open_recording(path)


def test_other_json_is_no_har() -> None:
    assert is_har(b' {\n "log" : {"version"')
    assert not is_har(b'{"log": "text"}')
    assert not is_har(b'{"seq":1}')
