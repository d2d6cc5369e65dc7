"""The settings as a table in Markdown, for the README."""

from collections.abc import Iterator, Sequence

from mdxdash.settings.model import all_settings
from mdxdash.settings.setting import Setting, literal


def markdown_table() -> str:
    """Returns the lines of the table: name, variable, option, default and meaning of each
    setting."""
    rows = [
        ("setting", "variable", "option", "default", "meaning"),
        ("---",) * 5,
        *_rows(),
    ]
    return "".join(f"|{''.join(map(_cell, row))}\n" for row in rows)


def _cell(text: str) -> str:
    return f" {text} |" if text else " |"


def _rows() -> Iterator[Sequence[str]]:
    for setting in all_settings():
        yield (
            f"`[{setting.section}] {setting.key}`",
            f"`{setting.variable}`",
            f"`{setting.about.option}`" if setting.about.option else "",
            _default(setting),
            setting.about.meaning,
        )
    yield (
        '`[groups] left = ["chat", "chat-1"]`',
        "",
        "",
        "none",
        "Names for several agents, which a target may mean.",
    )
    yield (
        '`[filters] errors = "level:error"`',
        "",
        "",
        "none",
        "Filters that are saved under names; ctrl+s in the filter line saves one.",
    )
    yield (
        '`[keys] runs = ["U", "f11"]`',
        "",
        "",
        "none",
        "Other keys for the dashboard's actions, one or several; `mdxdash config keys` lists the "
        "names.",
    )
    yield (
        '`[highlights] "type:RECOG_EVENT_STOP weather" = "success"`',
        "",
        "",
        "none",
        "Filters of rows that stand out, with their colour: primary, secondary, accent, success, "
        "warning or error.",
    )


def _default(setting: Setting) -> str:
    if setting.default is None:
        return setting.about.unset
    if setting.form == "number" and setting.about.unit:
        return f"{setting.default:,} {setting.about.unit}"
    return f"`{literal(setting.written(setting.default))}`"
