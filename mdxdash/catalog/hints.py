"""Hints: what looks wrong in a message but harms no agent, as (code, text)."""

from collections.abc import Iterator

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.catalog.codes import CODES
from mdxdash.catalog.dissect import DissectedLine, argument_at, best_forms, fits
from mdxdash.catalog.entry import Argument, Entry, Form
from mdxdash.catalog.files import named_files
from mdxdash.catalog.lookup import entries, is_family, nearest
from mdxdash.wire.framing import AUDIO_CONTROLS
from mdxdash.wire.message import SEPARATOR

_NUMERIC = {
    "number": "a number",
    "integer": "a whole number",
    "vec2": "two numbers x,y",
    "vec3": "three numbers x,y,z",
    "vec3-4": "three or four numbers with commas",
    "rgb": "three numbers r,g,b",
    "rgba": "four numbers r,g,b,a",
}
_CORE_ARGUMENTS_MAX = 10
_NOT_KNOWN = "is not a message of MMDAgent-EX"

Hint = tuple[str, str]


def hints(dissected: DissectedLine, state: AnnouncedState | None) -> Iterator[Hint]:
    """Yield the hints for a line; `state` is what its agent has announced."""
    entry, head = dissected.entry, dissected.head.text
    if head.startswith("SND") and head not in AUDIO_CONTROLS:
        yield "H413", f"{head} is sent as the message of this name, not as sound"
        return
    if entry is None:
        yield from _unknown(head)
        return
    yield from _kind(entry)
    if entry.dead:
        return
    if entry.kind == "remote" and dissected.pieces and dissected.separator == SEPARATOR:
        yield "H415", f"{head} is silently dropped: its arguments follow a comma, not a bar"
    yield from _count(dissected, entry)
    yield from _empty(dissected, entry)
    values = dissected.values
    form = entry.forms[best_forms(entry, values)[0]]
    for index, value in enumerate(values):
        argument = argument_at(form, index)
        if argument is not None:
            yield from _value(argument, value, entry)
            if state is not None and entry.kind != "event" and index < len(form):
                yield from _name(argument, value, entry, values[0], state)
    yield from _files(dissected, entry)
    if entry.kind != "event" and entry.doc_conflict:
        yield "H408", entry.doc_conflict


def _unknown(type: str) -> Iterator[Hint]:
    family, _, subcommand = type.partition(SEPARATOR)
    if is_family(family):
        begin = family + SEPARATOR
        known = [entry.name[len(begin) :] for entry in entries() if entry.name.startswith(begin)]
        what = f"has no sub-command {subcommand}" if subcommand else "needs a sub-command"
        yield "H401", f"{family} {what}; there is {', '.join(known)}"
        return
    near = nearest(type)
    what = "is not known, and is silently dropped" if type.startswith("__AV") else _NOT_KNOWN
    meant = f"; did you mean {near.name}?" if near is not None else ""
    yield "H401", f"{type} {what}{meant}"


def _kind(entry: Entry) -> Iterator[Hint]:
    if entry.dead:
        meant = f" use {entry.instead}" if entry.instead else " it has no effect"
        yield "H402", f"the program knows nothing to do with {entry.name}:{meant}"
        return
    if entry.kind == "event":
        if entry.direction == "from-agent":
            yield "H403", f"{entry.name} is an event, which the agent itself sends"
        return
    if entry.name in CODES["H409"].types:
        yield "H409", f"{entry.name} is silently dropped when it comes through the socket"
    if entry.platform:
        yield "H410", f"{entry.name} works on {entry.platform.capitalize()} only"


def _count(dissected: DissectedLine, entry: Entry) -> Iterator[Hint]:
    given = len(dissected.values)
    if entry.kind == "command" and not entry.separator:
        yield from _one_alias(dissected, entry)
    if any(_takes(form, given) for form in entry.forms):
        most = entry.max_args
        if most is not None and given > most:
            last = most - len(entry.forms[0]) + 1
            that_is = f" ({last} {entry.forms[0][-1].name})" if last > 1 else ""
            yield "H404", f"{given} arguments; {entry.name} takes {most} at most{that_is}"
        return
    wanted = " or ".join(dict.fromkeys(_counts(form) for form in entry.forms))
    checked = entry.min_args is not None and (
        given < entry.min_args or (entry.max_args is not None and given > entry.max_args)
    )
    what = "refuses it" if checked else "does not check it"
    if entry.module == "core" and given > _CORE_ARGUMENTS_MAX:
        what = f"reads {_CORE_ARGUMENTS_MAX} at most"
    yield "H404", f"{_arguments(given)}; {entry.name} takes {wanted}, and the agent {what}"


def _one_alias(dissected: DissectedLine, entry: Entry) -> Iterator[Hint]:
    argument = entry.forms[0][0]
    if argument.names_kind and dissected.values and SEPARATOR in dissected.values[0]:
        yield "H404", f"{entry.name} takes all of `{dissected.values[0]}` as its {argument.name}"


def _takes(form: Form, given: int) -> bool:
    least = sum(not argument.optional for argument in form)
    if not form:
        return given == 0
    return least <= given and (given <= len(form) or form[-1].type == "rest")


def _counts(form: Form) -> str:
    least = sum(not argument.optional for argument in form)
    if form and form[-1].type == "rest":
        return f"{least} or more"
    return f"{least}" if least == len(form) else f"{least} to {len(form)}"


def _arguments(number: int) -> str:
    return {0: "no argument", 1: "1 argument"}.get(number, f"{number} arguments")


def _empty(dissected: DissectedLine, entry: Entry) -> Iterator[Hint]:
    """Hint at the first empty argument, and at the value that moves up."""
    if entry.separator != SEPARATOR:
        return
    texts = [piece.text for piece in dissected.pieces]
    at = next((index for index, text in enumerate(texts) if not text), None)
    if at is None:
        return
    following = next((text for text in texts[at:] if text), None)
    if following is None:
        yield "H406", f"argument {at + 1} is empty, and is dropped"
        return
    form = entry.forms[best_forms(entry, texts, unfinished=True)[0]]
    taker = argument_at(form, at)
    position = f"argument {at + 1} ({taker.name})" if taker is not None else f"argument {at + 1}"
    yield "H406", f"{position} is empty and is dropped; `{following}` becomes argument {at + 1}"


def _value(argument: Argument, value: str, entry: Entry) -> Iterator[Hint]:
    if not fits(argument, value):
        if argument.choices:
            same = [choice for choice in argument.choices if choice.upper() == value.upper()]
            wanted = f"write {same[0]}" if same else f"it is one of {', '.join(argument.choices)}"
            yield "H405", f"{argument.name}: `{value}` is not a choice; {wanted}"
        else:
            yield "H407", f"{argument.name}: `{value}` is not {_NUMERIC[argument.type]}"


def _files(dissected: DissectedLine, entry: Entry) -> Iterator[Hint]:
    # A file that harms the agent if it is of another kind is asked about by `check`.
    harmful = entry.name in CODES["H416"].types
    for argument, value, endings in named_files(dissected):
        fitting = value.lower().endswith(endings)
        if not (fitting or harmful):
            yield "H414", f"{argument}: {value} does not end in {' or '.join(endings)}"
        elif fitting and harmful:
            harm = "it freezes for good" if entry.name == "SPEAK_START" else "it crashes"
            yield "H416", f"{argument}: be sure that the agent can read {value}, or {harm}"


def _name(
    argument: Argument, value: str, entry: Entry, owner: str, state: AnnouncedState
) -> Iterator[Hint]:
    kind = argument.names_kind
    if argument.type.startswith("new-"):
        if entry.refuses_existing and state.exists(kind, value):
            yield "H411", f"{argument.name}: {value} exists already"
    elif argument.type in ("model-alias", "motion-alias", "alias"):
        known = state.names(kind, owner if kind == "motion" else "")
        # If nothing of this kind was ever announced, a missing name proves nothing.
        if known and value not in known and value != argument.default:
            yield (
                "H412",
                f"{argument.name}: no {kind} {value} here; there is {', '.join(known[:5])}",
            )
