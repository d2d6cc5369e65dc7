"""Recording what is done by hand."""

from mdxdash.events.log import EventLog
from mdxdash.macros.recorder import MacroRecorder


def types(recorder: MacroRecorder) -> list[str]:
    return [event.type for event in recorder.stop()]


def test_the_recording_is_what_happened_between_start_and_stop() -> None:
    log = EventLog()
    log.append("sent", "chat", "BEFORE")
    recorder = MacroRecorder(log)
    assert not recorder.recording
    recorder.start()
    assert recorder.recording
    log.append("sent", "chat", "COMMAND")
    log.append("received", "chat", "REPLY")
    assert types(recorder) == ["COMMAND", "REPLY"]
    assert not recorder.recording


def test_what_the_server_a_macro_or_a_program_sent_is_left_out() -> None:
    log = EventLog()
    recorder = MacroRecorder(log)
    recorder.start()
    log.append("sent", "chat", "BY_HAND")
    log.append("sent", "chat", "BY_SERVER", via="server")
    log.append("sent", "chat", "BY_MACRO", by="macro")
    log.append("sent", "chat", "BY_SHELL", by="send")
    log.append("sent", "chat", "BY_PERSON_ELSEWHERE", by="attach")
    log.append("received", "chat", "RELAYED", via="server")
    assert recorder.commands == 2
    assert types(recorder) == ["BY_HAND", "BY_PERSON_ELSEWHERE", "RELAYED"]


def test_a_second_recording_counts_from_zero() -> None:
    log = EventLog()
    recorder = MacroRecorder(log)
    recorder.start()
    log.append("sent", "chat", "FIRST")
    recorder.stop()
    log.append("sent", "chat", "BETWEEN")
    recorder.start()
    assert recorder.commands == 0
    log.append("sent", "chat", "SECOND")
    assert recorder.commands == 1
    assert types(recorder) == ["SECOND"]
