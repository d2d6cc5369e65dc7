"""The commands that crash or hang the agent, or cut its connection, and what tells when they do.

`HARMFUL` is looked up for each line that is sent or relayed; nearly all types are not in it.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.catalog.dissect import DissectedLine
from mdxdash.catalog.files import unread_file
from mdxdash.catalog.hints import Hint
from mdxdash.language.translation import N_

BUTTON_ACTIONS: Final = ("open,", "play,", "message,", "setkeyvalue,")
BUTTON_LABELS_MAX: Final = 10

Check = Callable[[DissectedLine, AnnouncedState | None], Iterable[Hint]]
"""Gives code and text of what a command of this type does, as far as the agent's state is known."""


def _button(command: DissectedLine, state: AnnouncedState | None) -> Iterable[Hint]:
    if len(command.values) != 6:
        return
    image, action = command.values[3:5]
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


def _labels(command: DissectedLine, state: AnnouncedState | None) -> Iterable[Hint]:
    labels = command.values[2].count(",") + 1 if len(command.values) > 2 else 0
    if labels > BUTTON_LABELS_MAX:
        yield (
            "C202",
            N_("{labels} button labels; the agent crashes at {labels}, 10 is most").format(
                labels=labels
            ),
        )


def _gain(command: DissectedLine, state: AnnouncedState | None) -> Iterable[Hint]:
    if command.values == ("GAIN",):
        yield "C203", N_("GAIN without a value crashes the agent; write RECOG_MODIFY|GAIN|1.0")


def _empty_text(command: DissectedLine, state: AnnouncedState | None) -> Iterable[Hint]:
    if len(command.values) >= 2:
        return
    textarea = command.values[0] if command.values else ""
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


def _sub_script(command: DissectedLine, state: AnnouncedState | None) -> Iterable[Hint]:
    if state is None or not state.main_script_runs:
        yield "A301", N_("crashes the agent if no main FST runs, and none is proven to")


def _script(command: DissectedLine, state: AnnouncedState | None) -> Iterable[Hint]:
    script = command.values[0] if command.values else ""
    if state is None or not state.main_script_ran:
        yield "A301", N_("crashes the agent if its content was started without any FST")
    if script and (state is None or not state.script_loads(script)):
        yield "A313", N_("crashes the agent if a {script}*.fst is beside it").format(script=script)


def _network(command: DissectedLine, state: AnnouncedState | None) -> Iterable[Hint]:
    if state is not None and state.was_disabled("Network"):
        yield (
            "A305",
            N_("the Network plugin was switched off; NETWORK_GET then crashes the agent"),
        )


def _plugin(command: DissectedLine, state: AnnouncedState | None) -> Iterable[Hint]:
    match command.values:
        case ("Network", *_):
            yield "A309", N_("the next NETWORK_GET, from anyone, will crash the agent")
        case ("Remote", *_):
            yield "A306", N_("cuts the agent's connection to this hub, and does not open it again")


def _variable(command: DissectedLine, state: AnnouncedState | None) -> Iterable[Hint]:
    variable = command.values[0] if command.values else ""
    if state is not None and state.broken_variables:
        yield (
            "A303",
            N_("a middle variable was removed; looking one up is expected to hang the agent"),
        )
    elif (
        command.head.text == "VALUE_UNSET"
        and variable
        and (state is None or not state.removal_is_safe(variable))
    ):
        yield (
            "A302",
            N_("if {variable} is neither the first nor the last set, the agent may hang").format(
                variable=variable
            ),
        )


def _speaking(command: DissectedLine, state: AnnouncedState | None) -> Iterable[Hint]:
    if state is not None and (who := state.names("speaking")):
        yield (
            "A304",
            N_("{who} is still speaking; the agent freezes until that has ended").format(
                who=who[0]
            ),
        )


def _sound_file(command: DissectedLine, state: AnnouncedState | None) -> Iterable[Hint]:
    return _file("A310", command, N_("freezes the agent for good if it is no sound"))


def _image_file(command: DissectedLine, state: AnnouncedState | None) -> Iterable[Hint]:
    return _file("A311", command, N_("crashes the agent if it exists and is no image"))


def _file(code: str, command: DissectedLine, harm: str) -> Iterable[Hint]:
    """Yield `code` if the name of the line's file does not end as the files that can be read."""
    if (found := unread_file(command)) is not None:
        file, endings = found
        yield (
            code,
            N_("{file} does not end in {endings}; {harm}").format(
                file=file, endings=" ".join(endings), harm=harm
            ),
        )


def _model(command: DissectedLine, state: AnnouncedState | None) -> Iterable[Hint]:
    values = command.values
    if values and state is not None and state.exists("motion capture", values[0]):
        yield (
            "A312",
            N_("{values}'s motion is being recorded; this may crash the agent").format(
                values=values[0]
            ),
        )


def _content(command: DissectedLine, state: AnnouncedState | None) -> Iterable[Hint]:
    if command.values:
        yield (
            "A306",
            N_("cuts the connection: the agent restarts with {content}").format(
                content=command.values[0]
            ),
        )


def _key(command: DissectedLine, state: AnnouncedState | None) -> Iterable[Hint]:
    if command.values and command.values[0].startswith("R"):
        yield (
            "A306",
            N_("the key R makes the agent load its content again, which may disconnect"),
        )


HARMFUL: Final[Mapping[str, tuple[Check, ...]]] = {
    "BUTTON_ADD": (_button,),
    "FST_LOAD": (_script,),
    "INFOTEXT_FILE": (_labels,),
    "INFOTEXT_STRING": (_labels,),
    "MODEL_CHANGE": (_model,),
    "MODEL_CHANGE_ASYNC": (_model,),
    "MODEL_DELETE": (_model,),
    "NETWORK_GET": (_network,),
    "OPEN_CONTENT": (_content,),
    "PLUGIN_DISABLE": (_plugin,),
    "RECOG_MODIFY": (_gain,),
    "REMOTEKEY_CHAR": (_key,),
    "SPEAK_START": (_speaking, _sound_file),
    "SUBFST_START": (_sub_script,),
    "SUBFST_START_IF": (_sub_script,),
    "TEXTAREA_SET": (_empty_text,),
    "VALUE_EVAL": (_variable,),
    "VALUE_GET": (_variable,),
    "VALUE_SET": (_variable,),
    "VALUE_UNSET": (_variable,),
    "WINDOWFRAME": (_image_file,),
    "WINDOWFRAME_ADD": (_image_file,),
    "WINDOWOVERLAY_ADD": (_image_file,),
}
"""The checks of each type that may harm, by its name."""
