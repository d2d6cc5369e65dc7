"""How the condition of a macro or a watch is written in TOML: `on`, `target`, `above`, `absent`,
`within`."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from mdxdash.filters.filter import Filter
from mdxdash.language.translation import N_
from mdxdash.macros.condition import Condition
from mdxdash.macros.files.toml_steps import duration, filter_from_text
from mdxdash.settings.quantities import format_duration
from mdxdash.settings.validation import ValidationError, expected

MOST_ABOVE: Final = 100_000
"""The largest `above`: the times of so many events are kept."""

FilterReader = Callable[[str, object], Filter]
"""Reads the filter under a key. Raises `ValidationError`."""


def condition_from_table(
    table: Mapping[str, Any], read_filter: FilterReader = filter_from_text
) -> Condition:
    """Returns the condition of a table, whose other keys are left to the caller; it has an `on`.

    Raises `ValidationError`.
    """
    above, absent, within = (table.get(key) for key in ("above", "absent", "within"))
    if above is not None and absent is not None:
        raise ValidationError(
            ("absent",), N_("`absent`: expected either `above` or `absent`, not both")
        )
    if (absent is None) != (within is None):
        key, other = ("within", "absent") if absent is None else ("absent", "within")
        raise ValidationError(
            (key,), N_("`{key}`: expected `{other}` beside it").format(key=key, other=other)
        )
    if above is not None and (
        not isinstance(above, int) or isinstance(above, bool) or not 0 < above <= MOST_ABOVE
    ):
        what = N_("a number of events a minute from 1 to {most:,}").format(most=MOST_ABOVE)
        raise ValidationError(("above",), expected("above", what, above))
    return Condition(
        on=read_filter("on", table["on"]),
        target=table.get("target"),
        above=above,
        absent=None if absent is None else read_filter("absent", absent),
        within=0.0 if within is None else duration("within", within, example="5s"),
    )


def table_from_condition(condition: Condition) -> dict[str, Any]:
    """Returns the keys from which `condition_from_table` reads an equal condition, without
    `target`."""
    table: dict[str, Any] = {"on": condition.on.text}
    if condition.above is not None:
        table["above"] = condition.above
    if condition.absent is not None:
        table["absent"] = condition.absent.text
        table["within"] = format_duration(condition.within)
    return table
