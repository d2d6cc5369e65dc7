"""Hints: what looks wrong in a message but harms no agent, as (code, text)."""

from collections.abc import Iterator

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.catalog.codes import CODES
from mdxdash.catalog.dissect import DissectedLine, argument_at, best_forms, fits
from mdxdash.catalog.entry import Argument, Entry, Form
from mdxdash.catalog.files import named_files
from mdxdash.catalog.lookup import entries, is_family, nearest
from mdxdash.language.translation import N_
from mdxdash.wire.framing import AUDIO_CONTROLS
from mdxdash.wire.message import SEPARATOR

_NUMERIC = {
    "number": "a number",
    "integer": N_("a whole number"),
    "vec2": N_("two numbers x,y"),
    "vec3": N_("three numbers x,y,z"),
    "vec3-4": N_("three or four numbers with commas"),
    "rgb": N_("three numbers r,g,b"),
    "rgba": N_("four numbers r,g,b,a"),
}
_CORE_ARGUMENTS_MAX = 10

Hint = tuple[str, str] | tuple[str, str, str]
"""The code, the text, and the name that was probably meant, if a message looks misspelt."""


def hints(dissected: DissectedLine, state: AnnouncedState | None) -> Iterator[Hint]:
    """Yield the hints for a line; `state` is what its agent has announced."""
    entry, head = dissected.entry, dissected.head.text
    if head.startswith("SND") and head not in AUDIO_CONTROLS:
        yield (
            "H413",
            N_("{head} is sent as the message of this name, not as sound").format(head=head),
        )
        return
    if entry is None:
        yield from _unknown(head)
        return
    yield from _kind(entry)
    if entry.dead:
        return
    if entry.kind == "remote" and dissected.pieces and dissected.separator == SEPARATOR:
        yield (
            "H415",
            N_("{head} is silently dropped: its arguments follow a comma, not a bar").format(
                head=head
            ),
        )
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
        what = (
            N_("has no sub-command {subcommand}").format(subcommand=subcommand)
            if subcommand
            else N_("needs a sub-command")
        )
        yield (
            "H401",
            N_("{family} {what}; there is {known}").format(
                family=family, what=what, known=", ".join(known)
            ),
        )
        return
    near = nearest(type)
    meant = N_("; did you mean {name}?").format(name=near.name) if near is not None else ""
    if type.startswith("__AV"):
        text = N_("{type} is not known, and is silently dropped{meant}")
    else:
        text = N_("{type} is not a message of MMDAgent-EX{meant}")
    text = text.format(type=type, meant=meant)
    yield ("H401", text) if near is None else ("H401", text, near.name)


def _kind(entry: Entry) -> Iterator[Hint]:
    if entry.dead:
        meant = (
            N_(" use {instead}").format(instead=entry.instead)
            if entry.instead
            else N_(" it has no effect")
        )
        yield (
            "H402",
            N_("the program knows nothing to do with {name}:{meant}").format(
                name=entry.name, meant=meant
            ),
        )
        return
    if entry.kind == "event":
        if entry.direction == "from-agent":
            yield (
                "H403",
                N_("{name} is an event, which the agent itself sends").format(name=entry.name),
            )
        return
    if entry.name in CODES["H409"].types:
        yield (
            "H409",
            N_("{name} is silently dropped when it comes through the socket").format(
                name=entry.name
            ),
        )
    if entry.platform:
        yield (
            "H410",
            N_("{name} works on {platform} only").format(
                name=entry.name, platform=entry.platform.capitalize()
            ),
        )


def _count(dissected: DissectedLine, entry: Entry) -> Iterator[Hint]:
    given = len(dissected.values)
    if entry.kind == "command" and not entry.separator:
        yield from _one_alias(dissected, entry)
    if any(_takes(form, given) for form in entry.forms):
        most = entry.max_args
        if most is not None and given > most:
            last = most - len(entry.forms[0]) + 1
            that_is = f" ({last} {entry.forms[0][-1].name})" if last > 1 else ""
            yield (
                "H404",
                N_("{given} arguments; {name} takes {most} at most{that_is}").format(
                    given=given, name=entry.name, most=most, that_is=that_is
                ),
            )
        return
    wanted = " or ".join(dict.fromkeys(_counts(form) for form in entry.forms))
    checked = entry.min_args is not None and (
        given < entry.min_args or (entry.max_args is not None and given > entry.max_args)
    )
    what = N_("refuses it") if checked else N_("does not check it")
    if entry.module == "core" and given > _CORE_ARGUMENTS_MAX:
        what = N_("reads {most} at most").format(most=_CORE_ARGUMENTS_MAX)
    yield (
        "H404",
        N_("{given}; {name} takes {wanted}, and the agent {what}").format(
            given=_arguments(given), name=entry.name, wanted=wanted, what=what
        ),
    )


def _one_alias(dissected: DissectedLine, entry: Entry) -> Iterator[Hint]:
    argument = entry.forms[0][0]
    if argument.names_kind and dissected.values and SEPARATOR in dissected.values[0]:
        yield (
            "H404",
            N_("{name} takes all of `{values}` as its {argument}").format(
                name=entry.name, values=dissected.values[0], argument=argument.name
            ),
        )


def _takes(form: Form, given: int) -> bool:
    least = sum(not argument.optional for argument in form)
    if not form:
        return given == 0
    return least <= given and (given <= len(form) or form[-1].type == "rest")


def _counts(form: Form) -> str:
    least = sum(not argument.optional for argument in form)
    if form and form[-1].type == "rest":
        return N_("{least} or more").format(least=least)
    return (
        f"{least}"
        if least == len(form)
        else N_("{least} to {count}").format(least=least, count=len(form))
    )


def _arguments(number: int) -> str:
    if number < 2:
        return N_("1 argument") if number else N_("no argument")
    return N_("{number} arguments").format(number=number)


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
        yield "H406", N_("argument {at} is empty, and is dropped").format(at=at + 1)
        return
    form = entry.forms[best_forms(entry, texts, unfinished=True)[0]]
    taker = argument_at(form, at)
    position = (
        N_("argument {at} ({name})").format(at=at + 1, name=taker.name)
        if taker is not None
        else N_("argument {at}").format(at=at + 1)
    )
    yield (
        "H406",
        N_("{position} is empty and is dropped; `{following}` becomes argument {at}").format(
            position=position, following=following, at=at + 1
        ),
    )


def _value(argument: Argument, value: str, entry: Entry) -> Iterator[Hint]:
    if not fits(argument, value):
        if argument.choices:
            same = [choice for choice in argument.choices if choice.upper() == value.upper()]
            wanted = (
                N_("write {same}").format(same=same[0])
                if same
                else N_("it is one of {choices}").format(choices=", ".join(argument.choices))
            )
            yield (
                "H405",
                N_("{name}: `{value}` is not a choice; {wanted}").format(
                    name=argument.name, value=value, wanted=wanted
                ),
            )
        else:
            yield (
                "H407",
                N_("{name}: `{value}` is not {kind}").format(
                    name=argument.name, value=value, kind=_NUMERIC[argument.type]
                ),
            )


def _files(dissected: DissectedLine, entry: Entry) -> Iterator[Hint]:
    # A file that harms the agent if it is of another kind is asked about by `check`.
    harmful = entry.name in CODES["H416"].types
    for argument, value, endings in named_files(dissected):
        fitting = value.lower().endswith(endings)
        if not (fitting or harmful):
            yield (
                "H414",
                N_("{argument}: {value} does not end in {endings}").format(
                    argument=argument, value=value, endings=" or ".join(endings)
                ),
            )
        elif fitting and harmful:
            harm = N_("it freezes for good") if entry.name == "SPEAK_START" else N_("it crashes")
            yield (
                "H416",
                N_("{argument}: be sure that the agent can read {value}, or {harm}").format(
                    argument=argument, value=value, harm=harm
                ),
            )


def _name(
    argument: Argument, value: str, entry: Entry, owner: str, state: AnnouncedState
) -> Iterator[Hint]:
    kind = argument.names_kind
    if argument.type.startswith("new-"):
        if entry.refuses_existing and state.exists(kind, value):
            yield (
                "H411",
                N_("{name}: {value} exists already").format(name=argument.name, value=value),
            )
    elif argument.type in ("model-alias", "motion-alias", "alias"):
        known = state.names(kind, owner if kind == "motion" else "")
        # If nothing of this kind was ever announced, a missing name proves nothing.
        if known and value not in known and value != argument.default:
            yield (
                "H412",
                N_("{name}: no {kind} {value} here; there is {known}").format(
                    name=argument.name, kind=kind, value=value, known=", ".join(known[:5])
                ),
            )
