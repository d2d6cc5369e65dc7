"""How the steps of a macro are written in TOML, and the errors for what is written wrongly.

A step is an inline table with the key that names its kind: `{ wait = "type:A", timeout = "5s" }`.
Its filters are parsed here, and nowhere afterwards.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from mdxdash.filters.filter import Filter, FilterError, parse
from mdxdash.language.translation import N_
from mdxdash.macros.model import (
    DEFAULT_TIMEOUT,
    EVENT_VALUE,
    STOP,
    ExpectStep,
    RepeatStep,
    RunStep,
    SendStep,
    SetStep,
    SleepStep,
    SpeakStep,
    Step,
    StopSpeechStep,
    WaitStep,
)
from mdxdash.macros.template import UnfillableError, names_in, names_in_filter, names_in_message
from mdxdash.settings.quantities import format_duration, parse_duration
from mdxdash.settings.validation import ValidationError, check_key, expected
from mdxdash.wire.message import Message, format_message, parse_message

MOST_ROUNDS: Final = 1_000_000
"""The largest number of a `repeat`."""

MESSAGE: Final = N_('a message such as "TYPE|argument"')

_COMPANIONS: Final[dict[str, tuple[str, ...]]] = {
    "send": (),
    "wait": ("timeout", "else"),
    "expect": ("not", "timeout", "within"),
    "sleep": (),
    "repeat": ("steps",),
    "run": ("params",),
    "set": ("from",),
    "play": ("model", "interrupt_on"),
    "say": ("voice", "model", "interrupt_on"),
    "stop": ("model",),
}
"""Each kind of step, and the keys that may stand beside it."""

_SPEECH: Final = "speech"

_MODEL: Final = N_('the alias of a model such as "0"')

_STEPS: Final = N_('a list of steps such as [{ send = "TYPE" }, { wait = "type:TYPE" }]')


def steps_from_list(tables: object) -> tuple[Step, ...]:
    """Returns the steps of a `steps` key, at least one. Raises `ValidationError`, whose key path
    begins with that key."""
    if not isinstance(tables, list) or not tables:
        raise ValidationError(("steps",), expected("steps", _STEPS, tables))
    steps = []
    for index, table in enumerate(tables):
        try:
            steps.append(_step(table))
        except ValidationError as error:
            raise ValidationError(("steps", index, *error.key_path), error.message) from error
    return tuple(steps)


def table_from_step(step: Step) -> dict[str, Any]:
    """Returns the TOML table of a step, from which `steps_from_list` reads an equal step. Defaults
    are left out."""
    match step:
        case SendStep():
            return {"send": format_message(step.message)}
        case WaitStep():
            return _table_from_wait(step)
        case ExpectStep():
            table: dict[str, Any] = {"expect": step.filter.text}
            if step.forbidden is not None:
                table["not"] = step.forbidden.text
            if step.timeout != max(DEFAULT_TIMEOUT, step.within or 0.0):
                table["timeout"] = format_duration(step.timeout)
            if step.within is not None:
                table["within"] = format_duration(step.within)
            return table
        case SleepStep():
            return {"sleep": format_duration(step.seconds)}
        case RepeatStep():
            return {"repeat": step.times, "steps": [table_from_step(each) for each in step.steps]}
        case RunStep():
            return {"run": step.macro} | ({"params": dict(step.params)} if step.params else {})
        case SetStep():
            return {"set": step.name, "from": step.source}
        case SpeakStep():
            return _table_from_speech(step)
        case StopSpeechStep():
            return {"stop": _SPEECH} | ({"model": step.model} if step.model else {})


def _table_from_wait(step: WaitStep) -> dict[str, Any]:
    table = {"wait": step.filter.text}
    if step.timeout != DEFAULT_TIMEOUT:
        table["timeout"] = format_duration(step.timeout)
    if step.otherwise != STOP:
        table["else"] = step.otherwise
    return table


def _table_from_speech(step: SpeakStep) -> dict[str, Any]:
    table: dict[str, Any] = {"say": step.say} if step.say else {"play": step.play}
    table |= {key: value for key in ("voice", "model") if (value := getattr(step, key))}
    if step.interrupt_on is not None:
        table["interrupt_on"] = step.interrupt_on.text
    return table


def message_from_line(key: str, line: object) -> Message:
    """Returns the message of the line under a key. Raises `ValidationError`."""
    if not isinstance(line, str) or "\n" in line or "\r" in line:
        raise ValidationError(
            (key,), expected(key, N_("{message} on one line").format(message=MESSAGE), line)
        )
    message = parse_message(line)
    if not message.type.strip():
        raise ValidationError(
            (key,), expected(key, N_("{message} on one line").format(message=MESSAGE), line)
        )
    with _braces_of(key):
        names_in_message(message)
    return message


def filter_from_text(key: str, text: object) -> Filter:
    """Parses the filter under a key. Raises `ValidationError` for a text that is no filter, and for
    a blank one, which would match every event."""
    what = N_('a filter such as "type:SYNTH_EVENT_STOP args:0"')
    if not isinstance(text, str) or not text.strip():
        raise ValidationError((key,), expected(key, what, text))
    try:
        filter_ = parse(text)
    except FilterError as error:
        raise ValidationError(
            (key,),
            N_("`{key}`: {error} (column {position})").format(
                key=key, error=error, position=error.position + 1
            ),
        ) from error
    with _braces_of(key):
        names_in_filter(filter_)
    return filter_


def duration(key: str, text: object, *, example: str = "2s") -> float:
    """Returns the seconds of the duration under a key, above 0; `example` is shown in the error.

    Raises `ValidationError`.
    """
    what = N_('a duration above 0 such as "{example}" or "500ms"').format(example=example)
    if not isinstance(text, str):
        raise ValidationError((key,), expected(key, what, text))
    try:
        seconds = parse_duration(text)
    except ValueError as error:
        raise ValidationError((key,), f"`{key}`: {error}") from error
    if seconds <= 0:
        raise ValidationError((key,), expected(key, what, text))
    return seconds


def params_from_table(table: object) -> tuple[tuple[str, str], ...]:
    """Returns the names and values of a `params` key. Raises `ValidationError`."""
    if not isinstance(table, Mapping):
        raise ValidationError(
            ("params",), expected("params", N_('names with values such as { who = "Mei" }'), table)
        )
    for name, value in table.items():
        check_name(name, ("params", name))
        if not isinstance(value, str):
            message = expected(name, N_('a text such as "Mei"'), value)
            raise ValidationError(("params", name), f"`params`: {message}")
    return tuple(table.items())


def check_name(name: object, key_path: tuple[str, ...]) -> None:
    """Raises `ValidationError` for a name that cannot be written in braces, or has a meaning
    already."""
    if not isinstance(name, str) or not name.isidentifier() or EVENT_VALUE.fullmatch(name):
        what = N_("a name of letters, digits and _ that is not type, args or agent")
        raise ValidationError(key_path, expected(key_path[0], what, name))


def _step(table: object) -> Step:
    kinds = ", ".join(_COMPANIONS)
    if not isinstance(table, Mapping):
        raise ValidationError(
            (), N_('expected a step such as {{ send = "TYPE" }}, got {table!r}').format(table=table)
        )
    found = [kind for kind in _COMPANIONS if kind in table]
    if not found:
        for key in table:
            check_key(key, _COMPANIONS)
        raise ValidationError((), N_("expected one of {kinds}, got nothing").format(kinds=kinds))
    if len(found) > 1:
        message = N_("expected one of {kinds}, got {found}: each is a step of its own").format(
            kinds=kinds, found=" and ".join(found)
        )
        raise ValidationError((found[1],), message)
    kind = found[0]
    for key in table:
        check_key(key, (kind, *_COMPANIONS[kind]))
    return _READERS[kind](table)


def _wait(table: Mapping[str, Any]) -> WaitStep:
    otherwise = table.get("else", STOP)
    if not isinstance(otherwise, str) or not otherwise.strip():
        what = N_('"stop", "continue" or the name of a macro')
        raise ValidationError(("else",), expected("else", what, otherwise))
    return WaitStep(filter_from_text("wait", table["wait"]), _timeout(table), otherwise)


def _expect(table: Mapping[str, Any]) -> ExpectStep:
    forbidden = filter_from_text("not", table["not"]) if "not" in table else None
    within = duration("within", table["within"], example="800ms") if "within" in table else None
    # What comes too late is waited for, so that the failure says how long it took.
    timeout = _timeout(table, max(DEFAULT_TIMEOUT, within or 0.0))
    return ExpectStep(filter_from_text("expect", table["expect"]), forbidden, timeout, within)


def _timeout(table: Mapping[str, Any], default: float = DEFAULT_TIMEOUT) -> float:
    if "timeout" not in table:
        return default
    return duration("timeout", table["timeout"], example="10s")


def _repeat(table: Mapping[str, Any]) -> RepeatStep:
    times = table["repeat"]
    if not isinstance(times, int) or isinstance(times, bool) or not 1 <= times <= MOST_ROUNDS:
        what = N_("a number of rounds from 1 to {most:,}").format(most=MOST_ROUNDS)
        raise ValidationError(("repeat",), expected("repeat", what, times))
    if "steps" not in table:
        raise ValidationError(
            ("repeat",),
            N_("`steps` is missing beside `repeat`: expected {steps}").format(steps=_STEPS),
        )
    return RepeatStep(times, steps_from_list(table["steps"]))


def _run(table: Mapping[str, Any]) -> RunStep:
    name = table["run"]
    if not isinstance(name, str) or not name.strip():
        raise ValidationError(("run",), expected("run", N_("the name of a macro"), name))
    params = params_from_table(table["params"]) if "params" in table else ()
    for _, value in params:
        with _braces_of("params"):
            names_in(value)
    return RunStep(name, params)


def _set(table: Mapping[str, Any]) -> SetStep:
    check_name(table["set"], ("set",))
    what = N_('"type", "args", "agent", or an argument such as "args[0]"')
    if "from" not in table:
        raise ValidationError(
            ("set",), N_("`from` is missing beside `set`: expected {what}").format(what=what)
        )
    source = table["from"]
    if not isinstance(source, str) or not EVENT_VALUE.fullmatch(source):
        raise ValidationError(("from",), expected("from", what, source))
    return SetStep(table["set"], source)


def _play(table: Mapping[str, Any]) -> SpeakStep:
    file = _text("play", table, N_('a sound file such as "greet.wav"'))
    return SpeakStep(file, "", "", _text("model", table, _MODEL), _interrupt(table))


def _say(table: Mapping[str, Any]) -> SpeakStep:
    return SpeakStep(
        "",
        _text("say", table, N_('a text such as "{args}"')),
        _text("voice", table, N_("the name of a [voice.NAME] of the settings")),
        _text("model", table, _MODEL),
        _interrupt(table),
    )


def _stop(table: Mapping[str, Any]) -> StopSpeechStep:
    if table["stop"] != _SPEECH:
        raise ValidationError(("stop",), expected("stop", f'"{_SPEECH}"', table["stop"]))
    return StopSpeechStep(_text("model", table, _MODEL))


def _text(key: str, table: Mapping[str, Any], what: str) -> str:
    """Returns the text under a key; empty if it is not there."""
    if key not in table:
        return ""
    text = table[key]
    if not isinstance(text, str) or not text.strip():
        raise ValidationError((key,), expected(key, what, text))
    with _braces_of(key):
        names_in(text)
    return text


def _interrupt(table: Mapping[str, Any]) -> Filter | None:
    key = "interrupt_on"
    return filter_from_text(key, table[key]) if key in table else None


@contextmanager
def _braces_of(key: str) -> Iterator[None]:
    try:
        yield
    except UnfillableError as error:
        raise ValidationError((key,), f"`{key}`: {error}") from error


_READERS: Final[dict[str, Callable[[Mapping[str, Any]], Step]]] = {
    "send": lambda table: SendStep(message_from_line("send", table["send"])),
    "wait": _wait,
    "expect": _expect,
    "sleep": lambda table: SleepStep(duration("sleep", table["sleep"], example="1s")),
    "repeat": _repeat,
    "run": _run,
    "set": _set,
    "play": _play,
    "say": _say,
    "stop": _stop,
}
