"""The references between the macros of a file: names that are filled in, and macros that are run.

They are checked when the file is read, so that a run never meets an unknown name.
"""

import difflib
from collections.abc import Iterable, Iterator, Sequence

from mdxdash.language.translation import N_
from mdxdash.macros.model import (
    CONTINUE,
    EVENT_VALUE,
    STOP,
    ExpectStep,
    Macro,
    RepeatStep,
    RunStep,
    SendStep,
    SetStep,
    Step,
    WaitStep,
)
from mdxdash.macros.template import names_in, names_in_filter, names_in_message
from mdxdash.settings.toml_positions import KeyPath
from mdxdash.settings.validation import ValidationError


def check_references(macros: Sequence[Macro]) -> None:
    """Raises ValidationError for a name that has no value, for a macro that is run and does not
    exist, and for one that would run itself. The error's key path begins with the macro's index."""
    by_name = {macro.name: macro for macro in macros}
    for index, macro in enumerate(macros):
        try:
            _check_names(macro)
            for key_path, run in runs_of(macro):
                _check_run(key_path, run, by_name)
                _check_recursion(key_path, macro, run.macro, by_name)
        except ValidationError as error:
            raise ValidationError((index, *error.key_path), error.message) from error


def runs_of(macro: Macro) -> Iterator[tuple[KeyPath, RunStep]]:
    """Yields the macros that a macro runs, by `run` or by `else`, each with its key path in the
    macro's table."""
    yield from _runs_in(macro.steps, ())


def names_run_by(macro: Macro, macros: Iterable[Macro]) -> set[str]:
    """Returns the names of all macros that a macro runs, and that these run."""
    by_name = {each.name: each for each in macros}
    found: set[str] = set()
    pending = [macro]
    while pending:
        for _, run in runs_of(pending.pop()):
            if run.macro not in found:
                found.add(run.macro)
                if run.macro in by_name:
                    pending.append(by_name[run.macro])
    return found


def _runs_in(steps: Iterable[Step], outer: KeyPath) -> Iterator[tuple[KeyPath, RunStep]]:
    for index, step in enumerate(steps):
        key_path = (*outer, "steps", index)
        match step:
            case RunStep():
                yield (*key_path, "run"), step
            case WaitStep() if step.otherwise not in (STOP, CONTINUE):
                yield (*key_path, "else"), RunStep(step.otherwise)
            case RepeatStep():
                yield from _runs_in(step.steps, key_path)


def _check_run(key_path: KeyPath, run: RunStep, macros: dict[str, Macro]) -> None:
    other = macros.get(run.macro)
    if other is None:
        nearest = difflib.get_close_matches(run.macro, macros, n=1)
        hint = N_(': did you mean "{nearest}"?').format(nearest=nearest[0]) if nearest else ""
        what = (
            N_("a macro of this file") if key_path[-1] == "run" else '"stop", "continue" or a macro'
        )
        raise ValidationError(
            key_path,
            N_('`{key_path}`: expected {what}, got "{macro}"{hint}').format(
                key_path=key_path[-1], what=what, macro=run.macro, hint=hint
            ),
        )
    for name, _ in run.params:
        if name not in dict(other.params):
            known = ", ".join(dict(other.params)) or "none"
            message = N_(
                '`params`: "{name}" has no `{param}`: expected one of its own ({known})'
            ).format(name=other.name, param=name, known=known)
            raise ValidationError((*key_path[:-1], "params", name), message)


def _check_recursion(key_path: KeyPath, macro: Macro, name: str, macros: dict[str, Macro]) -> None:
    """Raises ValidationError if running the macro `name` would run `macro` again."""
    paths: list[tuple[str, ...]] = [(macro.name, name)]
    seen: set[str] = set()
    while paths:
        path = paths.pop()
        if path[-1] == macro.name:
            shown = " → ".join(f'"{each}"' for each in path)
            raise ValidationError(
                key_path,
                N_(
                    "`{key_path}`: expected a macro that does not run this one again: {shown}"
                ).format(key_path=key_path[-1], shown=shown),
            )
        if path[-1] in macros and path[-1] not in seen:
            seen.add(path[-1])
            paths += [(*path, run.macro) for _, run in runs_of(macros[path[-1]])]


def _check_names(macro: Macro) -> None:
    known = {"agent", *dict(macro.params)}
    if macro.on is not None:
        _check_known(names_in_filter(macro.on), set(dict(macro.params)), ("on",))
        if macro.absent is not None:
            _check_known(names_in_filter(macro.absent), set(dict(macro.params)), ("absent",))
        known |= {"type", "args"}
    for index, message in enumerate(macro.send):
        key_path: KeyPath = ("send",) if len(macro.send) == 1 else ("send", index)
        _check_known(names_in_message(message), known, key_path)
    _check_steps(macro.steps, known, ())


def _check_steps(steps: Iterable[Step], known: set[str], outer: KeyPath) -> None:
    """Checks steps in their order, and adds to `known` the names that each of them gives a
    value."""
    for index, step in enumerate(steps):
        key_path = (*outer, "steps", index)
        match step:
            case SendStep():
                _check_known(names_in_message(step.message), known, (*key_path, "send"))
            case WaitStep():
                _check_known(names_in_filter(step.filter), known, (*key_path, "wait"))
                known |= {"type", "args"}
            case ExpectStep():
                _check_known(names_in_filter(step.filter), known, (*key_path, "expect"))
                if step.forbidden is not None:
                    _check_known(names_in_filter(step.forbidden), known, (*key_path, "not"))
                known |= {"type", "args"}
            case SetStep():
                _check_known((step.source,), known, (*key_path, "from"))
                known.add(step.name)
            case RunStep():
                for name, value in step.params:
                    _check_known(names_in(value), known, (*key_path, "params", name))
            case RepeatStep():
                _check_steps(step.steps, known, key_path)


def _check_known(names: Iterable[str], known: set[str], key_path: KeyPath) -> None:
    for name in names:
        if name in known or (EVENT_VALUE.fullmatch(name) and "args" in known):
            continue
        key = next(part for part in reversed(key_path) if isinstance(part, str))
        if EVENT_VALUE.fullmatch(name):
            raise ValidationError(
                key_path,
                N_(
                    "`{key}`: `{name}` has no value here, since no event comes before it: "
                    "expected a `wait` before it, or a macro with `on`"
                ).format(key=key, name=name),
            )
        nearest = difflib.get_close_matches(name, known, n=1)
        hint = (
            N_("did you mean {{{nearest}}}?").format(nearest=nearest[0])
            if nearest
            else N_("known are {known}").format(known=_listed(known))
        )
        raise ValidationError(
            key_path,
            N_("`{key}`: {{{name}}} is no known name: {hint}, or {{{{ for a brace").format(
                key=key, name=name, hint=hint
            ),
        )


def _listed(names: set[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names))
