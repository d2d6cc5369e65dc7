"""Checking a message before it is sent: what would harm the agent, what may, what looks wrong."""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.catalog.codes import CODES, SEVERITIES, Severity
from mdxdash.catalog.dissect import DissectedLine, dissect_command
from mdxdash.catalog.files import unread_file
from mdxdash.catalog.hints import Hint, hints
from mdxdash.catalog.mistyped import mistyped
from mdxdash.catalog.replies import anticipate
from mdxdash.language.translation import N_
from mdxdash.wire.framing import Unsendable, encode_text
from mdxdash.wire.message import Message, format_message, parse_message

BUTTON_ACTIONS: Final = ("open,", "play,", "message,", "setkeyvalue,")
BUTTON_LABELS_MAX: Final = 10


class Finding(msgspec.Struct, frozen=True, gc=False):
    """One thing found in a message."""

    code: str
    """`explain` gives its general meaning."""
    severity: Severity
    text: str
    """What was found in this message."""
    meant: str = ""
    """The name that was probably meant, where one of a message looks misspelt."""

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


def check(message: Message, state: AnnouncedState | None = None) -> tuple[Finding, ...]:
    """Return the findings about a message, the most severe first; empty if there are none.

    `state` is what the agent has announced. Without it, a finding that depends on it is reported
    only where harm is likely. A message wrapped in `__AV_MESSAGE,` is checked as what it wraps.
    """
    line = format_message(message)
    command = dissect_command(line)
    found = () if command is None else _findings(hints(command, state))
    return (*_unsendable(line), *harms(command, state), *doubts(line), *found)


def check_lines(
    lines: Iterable[str], state: AnnouncedState | None = None
) -> Iterator[tuple[Finding, ...]]:
    """Yield the findings about each of several lines that are sent one after the other.

    Each line is checked against the state that those before it bring about. `state` stays as it
    is.
    """
    after = None if state is None else state.copy()
    for line in lines:
        yield check(parse_message(line), after)
        if after is not None:
            anticipate(after, dissect_command(line))


def doubts(line: str) -> tuple[Finding, ...]:
    """Return what is asked about because the line is probably not what was meant.

    It is a part of `check` and not of `harms`: programs may send such lines on purpose.
    """
    found = mistyped(line)
    return () if found is None else _findings([found])


def dangers(message: Message, state: AnnouncedState | None = None) -> tuple[Finding, ...]:
    """Return what is refused or asked about: `check` without the hints, which take most time."""
    line = format_message(message)
    return (*_unsendable(line), *harms(dissect_command(line), state))


def harms(
    command: DissectedLine | None, state: AnnouncedState | None = None
) -> tuple[Finding, ...]:
    """Return what is refused or asked about because of what a command does.

    Whether the line can be sent at all is not checked. `command` is the result of
    `dissect_command`; `state` is what the agent has announced.
    """
    if command is None:
        return ()
    found = _findings(_harms(command, state))
    return tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity)))


def _unsendable(line: str) -> tuple[Finding, ...]:
    try:
        encode_text(line)
    except Unsendable as error:
        return (Finding(error.code, "refused", error.reason),)
    return ()


def _findings(found: Iterable[Hint]) -> tuple[Finding, ...]:
    return tuple(Finding(code, CODES[code].severity, *texts) for code, *texts in found)


def _harms(dissected: DissectedLine, state: AnnouncedState | None) -> Iterator[tuple[str, str]]:
    """Yield code and text of what crashes or hangs the agent, or cuts its connection."""
    values = dissected.values
    match dissected.head.text:
        case "BUTTON_ADD" if len(values) == 6:
            yield from _button(action=values[4], image=values[3], state=state)
        case "INFOTEXT_FILE" | "INFOTEXT_STRING" if len(values) > 2:
            labels = values[2].count(",") + 1
            if labels > BUTTON_LABELS_MAX:
                yield (
                    "C202",
                    N_("{labels} button labels; the agent crashes at {labels}, 10 is most").format(
                        labels=labels
                    ),
                )
        case "RECOG_MODIFY" if values == ("GAIN",):
            yield "C203", N_("GAIN without a value crashes the agent; write RECOG_MODIFY|GAIN|1.0")
        case "TEXTAREA_SET" if len(values) < 2:
            yield from _empty_text(values[0] if values else "", state)
        case "SUBFST_START" | "SUBFST_START_IF" if state is None or not state.main_script_runs:
            yield "A301", N_("crashes the agent if no main FST runs, and none is proven to")
        case "NETWORK_GET" if state is not None and state.was_disabled("Network"):
            yield (
                "A305",
                N_("the Network plugin was switched off; NETWORK_GET then crashes the agent"),
            )
        case "PLUGIN_DISABLE" if values[:1] == ("Network",):
            yield "A309", N_("the next NETWORK_GET, from anyone, will crash the agent")
        case "VALUE_UNSET" | "VALUE_GET" | "VALUE_SET" | "VALUE_EVAL":
            yield from _variable(dissected.head.text, values[0] if values else "", state)
    yield from _harms_by_files(dissected, state)
    yield from _cuts(dissected.head.text, values)


def _harms_by_files(
    dissected: DissectedLine, state: AnnouncedState | None
) -> Iterator[tuple[str, str]]:
    """Yield code and text of the harm that files can do, or models that are still in use."""
    values = dissected.values
    match dissected.head.text:
        case "FST_LOAD":
            yield from _script(values[0] if values else "", state)
        case "SPEAK_START":
            if state is not None and (who := state.names("speaking")):
                yield (
                    "A304",
                    N_("{who} is still speaking; the agent freezes until that has ended").format(
                        who=who[0]
                    ),
                )
            yield from _file("A310", dissected, N_("freezes the agent for good if it is no sound"))
        case "WINDOWFRAME" | "WINDOWFRAME_ADD" | "WINDOWOVERLAY_ADD":
            yield from _file(
                "A311", dissected, N_("crashes the agent if it exists and is no image")
            )
        case "MODEL_DELETE" | "MODEL_CHANGE" | "MODEL_CHANGE_ASYNC" if values:
            if state is not None and state.exists("motion capture", values[0]):
                yield (
                    "A312",
                    N_("{values}'s motion is being recorded; this may crash the agent").format(
                        values=values[0]
                    ),
                )


def _file(code: str, dissected: DissectedLine, harm: str) -> Iterator[tuple[str, str]]:
    """Yield `code` if the name of the line's file does not end as the files that can be read."""
    if (found := unread_file(dissected)) is not None:
        file, endings = found
        yield (
            code,
            N_("{file} does not end in {endings}; {harm}").format(
                file=file, endings=" ".join(endings), harm=harm
            ),
        )


def _script(script: str, state: AnnouncedState | None) -> Iterator[tuple[str, str]]:
    if state is None or not state.main_script_ran:
        yield "A301", N_("crashes the agent if its content was started without any FST")
    if script and (state is None or not state.script_loads(script)):
        yield "A313", N_("crashes the agent if a {script}*.fst is beside it").format(script=script)


def _button(action: str, image: str, state: AnnouncedState | None) -> Iterator[tuple[str, str]]:
    if not any(action.startswith(word) and action != word for word in BUTTON_ACTIONS):
        words = " ".join(f"`{word}`" for word in BUTTON_ACTIONS)
        yield (
            "C201",
            N_("the action `{action}` crashes the agent; it must begin with one of {words}").format(
                action=action, words=words
            ),
        )
    elif state is None or not state.button_image_loads(image):
        yield "A307", N_("crashes the agent if the image {image} is not found").format(image=image)


def _empty_text(textarea: str, state: AnnouncedState | None) -> Iterator[tuple[str, str]]:
    if state is not None and state.exists("textarea", textarea):
        yield (
            "C204",
            N_(
                "crashes the agent: {textarea} exists, and the text is empty; write _ for it"
            ).format(textarea=textarea),
        )
    elif textarea:
        yield (
            "A308",
            N_("crashes the agent if a text board {textarea} exists; write _ for no text").format(
                textarea=textarea
            ),
        )


def _variable(type: str, variable: str, state: AnnouncedState | None) -> Iterator[tuple[str, str]]:
    if state is not None and state.broken_variables:
        yield (
            "A303",
            N_("a middle variable was removed; looking one up is expected to hang the agent"),
        )
    elif (
        type == "VALUE_UNSET"
        and variable
        and (state is None or not state.removal_is_safe(variable))
    ):
        yield (
            "A302",
            N_("if {variable} is neither the first nor the last set, the agent may hang").format(
                variable=variable
            ),
        )


def _cuts(type: str, values: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    match type, values:
        case "PLUGIN_DISABLE", ("Remote", *_):
            yield "A306", N_("cuts the agent's connection to this hub, and does not open it again")
        case "OPEN_CONTENT", (content, *_):
            yield (
                "A306",
                N_("cuts the connection: the agent restarts with {content}").format(
                    content=content
                ),
            )
        case "REMOTEKEY_CHAR", (key, *_) if key.startswith("R"):
            yield (
                "A306",
                N_("the key R makes the agent load its content again, which may disconnect"),
            )
