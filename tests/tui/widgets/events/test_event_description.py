"""An event in words: its title, its circumstances, its arguments."""

from typing import Any

from mdxdash.events.event import Event, Kind
from mdxdash.language.translation import Language
from mdxdash.tui.widgets.events.event_description import describe


def lines(
    event: Event, since_previous: float | None = None, language: Language = "en"
) -> list[str]:
    return [line.plain for line in describe(event, since_previous, language)]


def event(kind: Kind = "received", type: str = "", args: str = "", **fields: Any) -> Event:
    return Event(12, 1_795_404_600.0, kind, "chat", type, args, **fields)


def test_the_title_is_the_type_with_its_summary_in_the_language() -> None:
    started = event("sent", "SYNTH_START", "0|mei|hello")
    english, japanese = lines(started)[0], lines(started, language="ja")[0]
    assert english.startswith("SYNTH_START  ")
    assert japanese.startswith("SYNTH_START  ")
    assert english != japanese


def test_a_type_that_the_catalog_does_not_know_is_shown_so() -> None:
    assert lines(event(type="MY_TYPE"))[0] == "MY_TYPE  unknown to the catalog"


def test_an_event_without_a_type_has_its_kind_as_title_and_its_text() -> None:
    shown = lines(event("fault", text="no sign of life"))
    assert shown[0] == "fault"
    assert shown[-1] == "no sign of life"


def test_the_circumstances_are_kind_agent_time_number_and_size() -> None:
    shown = lines(event(type="A", size=1234), since_previous=0.25)[1]
    assert "received  chat  " in shown
    assert "+250 ms  #12  1,234 bytes" in shown


def test_arguments_have_the_names_of_the_catalog() -> None:
    shown = lines(event("sent", "SYNTH_START", "0|mei|hello"))[2:]
    assert [line.split("  ")[-1] for line in shown] == ["0", "mei", "hello"]
    assert shown[0].split("  ")[0].strip() == "model alias"


def test_arguments_of_an_unknown_message_have_no_names() -> None:
    assert lines(event(type="MY_TYPE", args="a|b"))[2:] == ["  a", "  b"]


def test_arguments_of_which_the_agent_drops_some_are_numbered_from_0() -> None:
    assert lines(event("sent", "SYNTH_START", "0||hello"))[2:] == ["0  0", "1  ", "2  hello"]


def test_a_log_line_has_its_module_and_level() -> None:
    shown = lines(event("log", text="done", module="MMDAgent", level="Status", agent_time="t"))
    assert shown[2:] == ["MMDAgent  Status  t", "done"]


def test_text_of_the_network_is_printable() -> None:
    shown = "\n".join(lines(event(type="A\x1b", args="\x1b[31m|\u202e", text="\x07")))
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "\x07" not in shown
