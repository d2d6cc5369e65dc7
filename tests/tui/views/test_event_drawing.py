"""How an event of the stream is drawn."""

from mdxdash.events.log import EventLog
from mdxdash.filters.filter import parse
from mdxdash.filters.view import View
from mdxdash.tui.rows.row_columns import ALL_COLUMNS
from mdxdash.tui.views.event_drawing import EventDrawing
from mdxdash.tui.widgets.lists.row_parts import RowPart

NOW = 1_000_000_000.0


def drawn(parts: list[RowPart]) -> str:
    return "".join(part.text for part in parts)


def drawing(*agents: str, filter_text: str = "", **columns: object) -> tuple[EventDrawing, View]:
    log = EventLog()
    for number, agent in enumerate(agents):
        log.append("received", agent, f"TYPE_{number}", "hello", time=NOW + number)
    view = View(log, lambda: NOW)
    view.set_filter(parse(filter_text))
    view.advance(1.0)
    found = EventDrawing(view, ALL_COLUMNS._replace(**columns), {"type:TYPE_1": "success"})  # type: ignore[arg-type]
    return found, view


def test_the_sign_and_the_name_of_an_agent_are_there_when_there_are_several() -> None:
    found, _view = drawing("chat", "other")
    assert "A" not in drawn(found.parts(0, 80)).replace("TYPE", "")
    found.parts(1, 80)
    assert found.show_agents(5)
    assert not found.show_agents(5)
    assert " A chat " in drawn(found.parts(0, 80)) and " B other " in drawn(found.parts(1, 80))


def test_the_time_is_that_since_the_row_before_or_since_the_beginning() -> None:
    found, _view = drawing("chat", "chat", "chat", time="previous")
    assert "+1.0" in drawn(found.parts(2, 80)) and "2.0" not in drawn(found.parts(2, 80))
    found, _view = drawing("chat", "chat", "chat", time="session")
    assert "2.0" in drawn(found.parts(2, 80))


def test_a_row_that_is_there_only_for_what_stands_around_it_is_dim() -> None:
    found, view = drawing("chat", "chat", "chat", filter_text="type:TYPE_2")
    view.set_context(1)
    view.advance(1.0)
    assert {part.style for part in found.parts(0, 80)} == {"dim"}
    assert {part.style for part in found.parts(1, 80)} != {"dim"}


def test_a_highlight_colours_its_rows_alone() -> None:
    found, _view = drawing("chat", "chat")
    assert "highlight-success" in {part.style for part in found.parts(1, 80)}
    assert "highlight-success" not in {part.style for part in found.parts(0, 80)}


def test_a_row_that_has_gone_is_empty() -> None:
    found, _view = drawing("chat")
    assert (found.parts(7, 80), found.lines(7, 80)) == ([], [[]])
