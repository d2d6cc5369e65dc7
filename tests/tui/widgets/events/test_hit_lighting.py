"""What is lit in a row."""

from mdxdash.filters.filter import parse
from mdxdash.filters.finding.hit_spans import span_finder
from mdxdash.tui.widgets.events.hit_lighting import light_hit
from mdxdash.tui.widgets.lists.row_parts import RowPart

ROW = [
    RowPart("12:30:01 ", "dim"),
    RowPart("A ", "agent-0"),
    RowPart("RECOG_EVENT_STOP  ", "strong"),
    RowPart("a 12:30   ", ""),
]


def lit(find: str) -> list[str]:
    parts = light_hit(ROW, span_finder(parse(find), None))
    assert "".join(part.text for part in parts) == "".join(part.text for part in ROW)
    return [part.text for part in parts if part.style == "found"]


def test_words_are_lit_where_they_are_searched():
    assert lit("12:30".join('""')) == ["12:30"]
    assert lit("a") == ["a"]
    assert lit("recog OR /12/") == ["RECOG", "12"]


def test_what_has_no_place_in_the_text_lights_the_message():
    assert lit("type:RECOG_*") == ["RECOG_EVENT_STOP", "a 12:30"]
