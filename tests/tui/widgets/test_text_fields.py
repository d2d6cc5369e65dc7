"""Text fields draw their text printable and keep it as it is."""

from textual.app import App, ComposeResult

from mdxdash.tui.widgets.text_fields import PrintableArea, PrintableInput
from tests.support.apps import screen_text

HOSTILE = "A|\x1b[31m\u202ered"


class Fields(App[None]):
    def compose(self) -> ComposeResult:
        yield PrintableInput(HOSTILE)
        yield PrintableArea(f"{HOSTILE}\nB|音声")


async def test_escape_sequences_are_drawn_as_pictures() -> None:
    app = Fields()
    async with app.run_test():
        shown = screen_text(app)
        assert "\x1b" not in shown
        assert "\u202e" not in shown
        assert shown.count("A|␛[31m�red") == 2
        assert "B|音声" in shown


async def test_the_text_itself_stays_as_it_is() -> None:
    app = Fields()
    async with app.run_test():
        assert app.query_one(PrintableInput).value == HOSTILE
        assert app.query_one(PrintableArea).text == f"{HOSTILE}\nB|音声"
