"""Which macros of a file are meant: those that a command line names, or those that can stand alone.

And which of the given parameters each of them takes.
"""

from collections.abc import Iterable, Mapping

from mdxdash.language.translation import N_
from mdxdash.macros.files.references import runs_of
from mdxdash.macros.model import Macro


def independent_macros(macros: Iterable[Macro]) -> tuple[Macro, ...]:
    """Returns the macros that no event triggers and that no other macro runs."""
    macros = tuple(macros)
    parts = {run.macro for macro in macros for _, run in runs_of(macro)}
    return tuple(macro for macro in macros if macro.on is None and macro.name not in parts)


def macros_named(macros: Iterable[Macro], names: Iterable[str]) -> tuple[Macro, ...]:
    """Returns the macros of these names, in the order of the names.

    Raises LookupError for a name that no macro has; its message lists the names there are.
    """
    by_name = {macro.name: macro for macro in macros}
    for name in names:
        if name not in by_name:
            known = ", ".join(f'"{each}"' for each in by_name)
            raise LookupError(
                N_('there is no macro "{name}": expected one of {known}').format(
                    name=name, known=known
                )
            )
    return tuple(by_name[name] for name in names)


def params_from_options(macros: Iterable[Macro], options: Iterable[str]) -> dict[str, str]:
    """Returns the parameters that options of the form `NAME=VALUE` give.

    Raises ValueError for another form, and for a name that is a parameter of none of the macros.
    """
    known = {name for macro in macros for name, _ in macro.params}
    params = {}
    for text in options:
        name, sign, value = text.partition("=")
        if not sign or name not in known:
            what = ", ".join(sorted(known)) or N_("none: these macros have no params")
            raise ValueError(
                N_("{text}: expected NAME=VALUE with one of {what}").format(text=text, what=what)
            )
        params[name] = value
    return params


def params_of(macro: Macro, params: Mapping[str, str]) -> dict[str, str]:
    """Returns those of the parameters that the macro has."""
    own = dict(macro.params)
    return {name: value for name, value in params.items() if name in own}
