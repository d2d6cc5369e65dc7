"""What is wrong with a filter's text, and where."""

from mdxdash.events.printable import cell_width, printable_same_length
from mdxdash.language.translation import N_, localized


class FilterError(ValueError):
    """A text that cannot be read as a filter. `str()` gives what is wrong and what was expected."""

    def __init__(self, position: int, expected: str, message: str) -> None:
        super().__init__(
            N_("{message}: expected {expected}").format(message=message, expected=expected)
        )
        self.position = position
        """Where in the text, in characters from 0; the text's length where it ends too early."""

    def caret(self, text: str) -> tuple[str, str]:
        """Returns the text as an input field shows it, and the line to show under it: a caret below
        the position, and what is wrong, in the user's language."""
        shown = printable_same_length(text)
        return shown, " " * cell_width(shown[: self.position]) + f"^ {localized(str(self))}"


def one_of(choices: tuple[str, ...]) -> str:
    """The choices as an expectation: `echo, lost or cut`."""
    *others, last = choices
    return N_("{others} or {last}").format(others=", ".join(others), last=last) if others else last
