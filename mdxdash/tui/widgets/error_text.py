"""An error as users see it, wherever it is shown: in a form, in a row, in a notification."""

from mdxdash.events.printable import printable
from mdxdash.language.translation import localized
from mdxdash.settings.user_path import path_problem


def error_text(error: Exception | str) -> str:
    """Returns the text of an error in the user's language, and inert, since it may quote what came
    from elsewhere; of an `OSError` the file and the reason, without its number."""
    text = path_problem(error) if isinstance(error, OSError) else str(error)
    return printable(localized(text))
