"""What is written in the composer: in the field for one line, or in the one for several."""

from textual.widgets import Input, TextArea


class WrittenText:
    """The text of two fields, of which one is shown."""

    def __init__(self, one: Input, area: TextArea) -> None:
        self._input = one
        self._area = area

    @property
    def is_several(self) -> bool:
        """Whether the field for several lines is shown."""
        return self._area.display

    @property
    def text(self) -> str:
        """What is written, as it is."""
        return self._area.text if self.is_several else self._input.value

    @property
    def lines(self) -> list[str]:
        """What is written, a line a message. In several lines blank ones are left out."""
        return _not_blank(self._area.text) if self.is_several else [self._input.value]

    @property
    def field(self) -> Input | TextArea:
        """The field that is shown."""
        return self._area if self.is_several else self._input

    @property
    def has_focus(self) -> bool:
        """Whether one of the fields has the focus."""
        return self._input.has_focus or self._area.has_focus

    def show(self, *, several: bool) -> None:
        """Shows one of the fields."""
        self._area.display, self._input.display = several, not several

    def put(self, text: str) -> None:
        """Writes a text into the field that is shown: of the one for one line, its first line that
        is not blank. The cursor goes to its end there."""
        if self.is_several:
            self._area.text = text
            return
        line = next(iter(_not_blank(text)), "")
        self._input.value = line
        self._input.cursor_position = len(line)


def holds_several(text: str) -> bool:
    """Returns whether a text has several lines that are not blank."""
    return len(_not_blank(text)) > 1


def _not_blank(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]
