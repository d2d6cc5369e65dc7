"""Rules about the text of an `.mdf`: its encoding, its lines, the names of its settings."""

import difflib
from typing import Final

from mdxdash.doctor.diagnosis import Diagnosis, Replacement
from mdxdash.doctor.mdf_file import BYTE_ORDER_MARK, broken_lines, variable_names
from mdxdash.doctor.rule import Rule, RuleContext
from mdxdash.doctor.setting_names import CONNECTION_SETTINGS, MANY_RETRIES, RETRIES
from mdxdash.language.translation import N_

_UTF_16: Final = N_(
    "The program reads nothing of a file that is saved as UTF-16. Save it as UTF-8 without a byte "
    "order mark."
)
_STRAY_NUL: Final = N_(
    "To the program a text ends at a NUL byte. The file may be damaged: take a copy that is "
    "whole, or delete the NUL in an editor that shows it."
)
_BROKEN_VARIABLE: Final = N_(
    "The program then skips the whole file, all its settings. Correct the line, or put # before it."
)


def _utf_16(context: RuleContext) -> Diagnosis | None:
    if not _looks_like_utf_16(context.content.content):
        return None
    return Diagnosis("D101", "error", _UTF_16, (), context.content.name)


def _looks_like_utf_16(content: bytes) -> bool:
    """Tell UTF-16 by its byte order mark, or by NUL as every second byte of Western text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    few, many = sorted((content[::2].count(0), content[1::2].count(0)))
    return many >= max(4, len(content) // 4) and few <= many // 4


def _stray_nul(context: RuleContext) -> Diagnosis | None:
    before, nul, _ = context.content.content.partition(b"\0")
    if not nul:
        return None
    line = before.count(b"\n") + 1
    return Diagnosis("D106", "error", _STRAY_NUL, (), context.content.name, line)


def _broken_variable(context: RuleContext) -> Diagnosis | None:
    # Such a line in the program's own file, MMDAgent-EX.mdf, does no harm.
    broken = broken_lines(context.content, context.mdf.environ)
    if not broken:
        return None
    line, _, reason = broken[0]
    replacements = tuple(Replacement(start, start, b"# ") for _, start, _ in broken)
    text = f"{reason}. {_BROKEN_VARIABLE}"
    return Diagnosis(
        "D102", "error", text, (), context.content.name, line, replacements=replacements
    )


def _byte_order_mark(context: RuleContext) -> Diagnosis | None:
    first = context.content.settings[0] if context.content.settings else None
    if first is None or first.line != 1 or not first.key.startswith("\ufeff"):
        return None
    key = first.key[1:]
    if key not in CONNECTION_SETTINGS or context.content.find(key) is not None:
        return None
    text = N_(
        "A byte order mark stands before {key}, which makes it an unknown setting. "
        "Save the file as UTF-8 without a byte order mark, or begin it with an empty line."
    ).format(key=key)
    cut = Replacement(0, len(BYTE_ORDER_MARK))
    return Diagnosis(
        "D103", "error", text, (key,), context.content.name, first.line, replacements=(cut,)
    )


def _misspelt(context: RuleContext) -> Diagnosis | None:
    wanted = {**context.hub.settings, RETRIES: MANY_RETRIES}
    for setting in context.content.settings:
        key = _nearest_setting(setting.key)
        if key is None or context.mdf.find(key) is not None or key not in wanted:
            continue
        text = N_("{key!r} is no setting; {known!r} is (case and spaces count).").format(
            key=setting.key, known=key
        )
        sets = ((key, wanted[key]),)
        return Diagnosis("D104", "error", text, (key,), context.content.name, setting.line, sets)
    return None


def _nearest_setting(key: str) -> str | None:
    """Return the setting that an unknown key was probably meant to be."""
    if key in CONNECTION_SETTINGS:
        return None
    trimmed = key.strip().lower()
    known = {name.lower(): name for name in CONNECTION_SETTINGS}
    nearest = difflib.get_close_matches(trimmed, known, n=1, cutoff=0.93)
    return known[nearest[0]] if nearest else None


def _unknown_variable(context: RuleContext) -> Diagnosis | None:
    for key, value in context.hub.settings.items():
        found = context.mdf.find(key)
        names = variable_names(found[1].value) if found else []
        missing = [name for name in names if not context.mdf.environ.get(name)]
        if missing:
            text = N_(
                "{key} asks for the environment variable {missing}, which is not set here. "
                "Set it where the agent is started, or write the value."
            ).format(key=key, missing=missing[0])
            return context.diagnosis("D105", "error", key, text, ((key, value),))
    return None


FILE_RULES: Final = (
    Rule("D101", "a file saved as UTF-16", _UTF_16, _utf_16),
    Rule("D106", "a NUL byte", _STRAY_NUL, _stray_nul),
    Rule("D102", "an %ENV{…} that cannot be replaced", _BROKEN_VARIABLE, _broken_variable),
    Rule(
        "D103",
        "a byte order mark that hides the first setting",
        "It belongs to the first line, and makes the setting there an unknown one.",
        _byte_order_mark,
    ),
    Rule(
        "D104",
        "a misspelt setting",
        "The program ignores settings that it does not know. Case and spaces count.",
        _misspelt,
    ),
    Rule(
        "D105",
        "a setting with an environment variable that is not set",
        "An %ENV{…} is replaced by its variable where the agent is started, by nothing if there "
        "is none.",
        _unknown_variable,
    ),
)
