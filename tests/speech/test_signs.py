"""What is in doubt after the first sound of an agent."""

from mdxdash.events.log import EventLog
from mdxdash.speech.signs import doubt


def connected() -> EventLog:
    log = EventLog()
    log.append("log", "chat", text="openstream ok", module="Remote", level="Status")
    log.append("connected", "chat")
    return log


def test_an_agent_that_sends_no_log_may_have_no_sound() -> None:
    assert doubt(connected(), "chat", "0", announced=True) == (
        "nothing tells whether it is heard: no sound device and a dead audio thread look alike, "
        "which Plugin_Remote_AllLog=true would tell (see `mdxdash help speech`)"
    )


def test_its_log_tells_that_it_has_sound() -> None:
    log = connected()
    log.append("log", "chat", text="openstream ok", module="Remote", level="Status")
    log.append("log", "chat", text="other", module="Remote", level="Status")
    assert doubt(log, "chat", "0", announced=True) == ""
    assert "announced a model 1, so the alias may be wrong (" in doubt(
        log, "chat", "1", announced=False
    )


def test_its_log_tells_that_it_has_none() -> None:
    log = connected()
    log.append("log", "chat", text="other", module="Remote", level="Status")
    log.append("log", "chat-1", text="openstream ok", module="Remote", level="Status")
    assert "its log lacks `openstream ok`" in doubt(log, "chat", "0", announced=True)


def test_what_a_program_wrote_is_not_its_log() -> None:
    log = connected()
    log.append("log", "chat", text="x", module="program b", level="stderr", by="program")
    assert "Plugin_Remote_AllLog=true" in doubt(log, "chat", "0", announced=True)
