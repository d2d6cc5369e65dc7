"""What is shown of a settings file in the working directory that the user does not trust."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

from mdxdash.language.translation import _
from mdxdash.settings.model import Settings
from mdxdash.settings.toml_source import shown_path

if TYPE_CHECKING:  # the first picture of the dashboard does not wait for them
    from mdxdash.macros.files.watched_file import MacroFile
    from mdxdash.macros.model import Macro

_MANY: Final = 3
"""Names in the banner; of more only their number is shown."""


def waiting_settings(settings: Settings) -> list[str]:
    """Returns the lines for stderr, one for each setting that takes no effect."""
    if not settings.waiting:
        return []
    return [
        _(
            "{file} in this folder is not trusted, so these settings take no "
            "effect. Read the file; `mdxdash trust` lets them:"
        ).format(file=shown_path(settings.file)),
        *(
            _("  line {line}: {each}").format(line=each.origin.line, each=each)
            for each in settings.waiting
        ),
    ]


def waiting_macros(macro_file: "MacroFile", named: Collection[str] = ()) -> list[str]:
    """Returns the lines for stderr, one for each macro that does not answer by itself; those that
    are `named` do."""
    return [
        _(
            '{path} is not trusted, so the macro "{name}" is not armed '
            "(on = {text}); `mdxdash trust` lets it"
        ).format(path=shown_path(macro_file.path), name=macro.name, text=macro.on.text)
        for macro in unarmed(macro_file)
        if macro.on is not None and macro.name not in named
    ]


def unarmed(macro_file: "MacroFile") -> "Sequence[Macro]":
    """Returns the macros with `on` that do not answer by themselves, since their file is not
    trusted."""
    if macro_file.trusted:
        return ()
    return [macro for macro in macro_file.macros if macro.on is not None]


def banner(settings: Settings, macro_file: "MacroFile") -> str:
    """Returns one line that names the file and what waits in it; empty when nothing does."""
    waits = [each.setting.key for each in settings.waiting]
    waits += [f'macro "{macro.name}"' for macro in unarmed(macro_file)]
    if not waits:
        return ""
    named = ", ".join(waits[:_MANY])
    if len(waits) > _MANY:
        named += _(" and {count} more").format(count=len(waits) - _MANY)
    return _(
        "{file} in this folder is not trusted; waiting: {named}. "
        "Read the file, run `mdxdash trust`, and start again"
    ).format(file=shown_path(settings.file), named=named)
