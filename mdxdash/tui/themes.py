"""Checks the name of a theme, which the settings hold as text."""

import difflib
from collections.abc import Iterable

from mdxdash.language.translation import _
from mdxdash.settings.validation import expected


def theme_error(name: str | None, available: Iterable[str]) -> str | None:
    """Returns what is wrong with a theme's name, in the form of every error of a setting.

    * `name`: None is the dashboard's own choice, which is right.
    * `available`: the names that exist (`App.available_themes`).
    """
    known = sorted(available)
    if name is None or name in known:
        return None
    nearest = difflib.get_close_matches(name, known, n=1)
    hint = (
        _('did you mean "{nearest}"?').format(nearest=nearest[0])
        if nearest
        else _("there are {known}").format(known=", ".join(known))
    )
    return f"{expected('theme', 'the name of a theme', name)}: {hint}"
