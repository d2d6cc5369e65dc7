"""A row of the stream and its details, whatever the event says."""

import pytest
from rich.cells import cell_len

from mdxdash.events.event import Event
from mdxdash.tui.rows.row_columns import ALL_COLUMNS, RowColumns
from mdxdash.tui.widgets.agent_signs import AgentSign
from mdxdash.tui.widgets.events.event_description import describe
from mdxdash.tui.widgets.events.event_row import (
    LINES_MAX,
    RowSurroundings,
    event_lines,
    event_parts,
)
from mdxdash.tui.widgets.lists.row_parts import RowPart
from tests.support.hostile_text import active

ACTIVE = "\x1b]0;title\x07\u202e\x9b"
AROUND = RowSurroundings(agent=AgentSign("A", "agent-0"), agent_width=4)
SENT = Event(5, 0.0, "sent", "chat", "SYNTH_START", "0|mei|hello", round_trip=0.003)
REASON = "not sent: it would end the agent, since its argument has more than 1,023 bytes"
REFUSED = Event(6, 0.0, "refused", "chat", "SYNTH_START", "0|mei|" + "x" * 90, text=REASON)


def text(parts: list[RowPart]) -> str:
    return "".join(part.text for part in parts)


def row(event: Event, width: int, columns: RowColumns = ALL_COLUMNS, **around: object) -> str:
    return text(event_parts(event, width, AROUND._replace(**around), columns))


def style_of(event: Event, piece: str, around: RowSurroundings = AROUND) -> str:
    return next(each.style for each in event_parts(event, 160, around) if piece in each.text)


@pytest.mark.parametrize("kind", ["received", "sent", "log", "connected", "refused", "fault"])
@pytest.mark.parametrize("field", ["agent", "type", "args", "text", "module", "level"])
def test_nothing_that_an_event_says_is_obeyed(kind: str, field: str):
    event = Event(1, 0.0, kind, **{"agent": "chat", field: ACTIVE})  # type: ignore[arg-type]
    around = RowSurroundings(agent_width=12)
    assert not active(text(event_parts(event, 160, around)))
    assert not active("".join(map(text, event_lines(event, 160, around))))
    assert not active("\n".join(line.plain for line in describe(event, None, "en")))


@pytest.mark.parametrize("width", [60, 80, 160])
def test_the_echo_stands_right_behind_the_arguments(width: int):
    assert row(SENT, width).rstrip().endswith("0|mei|hello  ✓ 3 ms")


@pytest.mark.parametrize("width", [60, 80])
def test_long_arguments_leave_room_for_the_echo(width: int):
    long = Event(5, 0.0, "sent", "chat", "SYNTH_START", "0|mei|" + "あ" * 90, round_trip=0.003)
    shown = row(long, width)
    assert shown.endswith("…  ✓ 3 ms")
    assert cell_len(shown) <= width


def test_columns_are_left_out_one_by_one():
    assert "chat" in row(SENT, 160)
    for name, gone in (
        ("time", "00:00.000"),
        ("agent", "chat"),
        ("type", "SYNTH_START"),
        ("arguments", "0|mei|hello"),
        ("echo", "✓"),
    ):
        assert gone in row(SENT, 160)
        assert gone not in row(SENT, 160, ALL_COLUMNS._replace(shown=ALL_COLUMNS.shown - {name}))


def test_the_type_is_as_wide_as_it_is_asked_for():
    narrow = row(SENT, 160, ALL_COLUMNS._replace(type_width=8))
    assert "SYNTH_S… 0|mei" in narrow
    assert "SYNTH_START" + " " * 30 in row(SENT, 160, ALL_COLUMNS._replace(type_width=40))


@pytest.mark.parametrize("time", ["session", "previous"])
def test_the_time_may_be_that_since_something(time: str):
    columns = ALL_COLUMNS._replace(time=time)  # type: ignore[arg-type]
    assert row(SENT, 160, columns, since=1.25).split()[0] == "+1.250"
    assert row(SENT, 80, columns, since=None).split()[0] == "→"


def test_families_are_told_apart_and_a_refusal_is_an_error():
    said = Event(1, 0.0, "received", "chat", "RECOG_EVENT_STOP", "hello")
    assert style_of(said, "RECOG") == style_of(said, "hello") == "user"
    assert style_of(SENT, "SYNTH") == "speech"
    assert style_of(SENT, "→") == "sent"
    assert style_of(REFUSED, "SYNTH") == "bad"


def test_a_highlight_wins_over_the_family():
    around = AROUND._replace(highlight="good")
    assert style_of(SENT, "SYNTH", around) == style_of(SENT, "hello", around) == "good"


def test_a_refused_row_begins_with_its_reason():
    assert "SYNTH_START          not sent: it would end" in row(REFUSED, 80)


@pytest.mark.parametrize("width", [60, 80, 160])
def test_a_wrapped_row_shows_all_of_its_reason(width: int):
    lines = [text(line) for line in event_lines(REFUSED, width, AROUND)]
    assert all(cell_len(line) <= width for line in lines)
    assert REASON.replace(" ", "") in "".join(lines).replace(" ", "")
    assert len(lines) > 1


def test_a_wrapped_row_that_fits_is_the_same_line():
    (line,) = event_lines(SENT, 160, AROUND)
    assert text(line) == row(SENT, 160)


@pytest.mark.parametrize("width", [2, 10, 30, 80])
def test_an_endless_row_is_cut_with_a_sign(width: int):
    endless = Event(1, 0.0, "received", "chat", "A", "x" * 100_000, cut=True)
    lines = [text(line) for line in event_lines(endless, width, AROUND)]
    assert len(lines) <= LINES_MAX + 2
    assert any(line.rstrip().removesuffix("cut").rstrip().endswith("…") for line in lines)


def test_letters_of_several_characters_are_cut_with_a_sign():
    event = Event(1, 0.0, "received", "chat", "TYPE", "a\u0301" * 400)
    assert row(event, 160).rstrip().endswith("…")
    assert "…" not in row(Event(1, 0.0, "received", "chat", "TYPE", "a\u0301" * 20), 160)
