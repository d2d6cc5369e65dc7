"""What is written in one line or in several."""

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Input, TextArea

from mdxdash.tui.panes.composing.written_text import WrittenText, holds_several


class Fields(App[None]):
    def compose(self) -> ComposeResult:
        yield Input()
        yield TextArea()


async def test_the_text_is_that_of_the_field_that_is_shown() -> None:
    app = Fields()
    async with app.run_test():
        written = WrittenText(app.query_one(Input), app.query_one(TextArea))
        written.show(several=False)
        written.put("\nA|1\nB|2")
        assert (written.text, written.lines, written.field) == (
            "A|1",
            ["A|1"],
            app.query_one(Input),
        )
        assert app.query_one(Input).cursor_position == 3
        written.show(several=True)
        assert (written.text, written.lines, written.is_several) == ("", [], True)
        written.put("A|1\n \nB|2")
        assert (written.text, written.lines) == ("A|1\n \nB|2", ["A|1", "B|2"])
        assert written.field is app.query_one(TextArea)


@pytest.mark.parametrize(
    ("text", "several"), [("", False), ("A\n", False), ("\n \nA", False), ("A\nB", True)]
)
def test_blank_lines_are_none(text: str, several: bool) -> None:
    assert holds_several(text) is several
