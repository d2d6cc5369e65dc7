"""The sentences about speech and macros that mdxdash itself lets go on, written and read here.

An event of the beginning or the end of one has `level` `start` or `end`, and the model or the macro
in `args`. What else the dialogue needs stands in its text only. Each function that writes stands
before the one that reads what it wrote; a name is known from `args`, so that no name and no text
can be mistaken for another part of the sentence.
"""

import re
from typing import Final, Literal

from mdxdash.language.translation import N_

RunEnd = Literal["passed", "failed", "stopped"]
"""How the run of a macro ended."""

_RUN_ENDED: Final[dict[str, str]] = {
    "passed": N_("macro {macro} passed after {seconds:.1f} s"),
    "failed": N_("macro {macro} failed after {seconds:.1f} s"),
    "stopped": N_("macro {macro} stopped after {seconds:.1f} s"),
}

_LENGTH: Final = re.compile(r"speaks for [0-9]+\.[0-9] s: ")

_OLD_LENGTH: Final = re.compile(r", [0-9]+\.[0-9] s\Z")
"""The length as older recordings have it, behind the text."""


def speech_begins(model: str, said: str, seconds: float | None) -> str:
    """Returns the text of the beginning of a speech: `model 0 speaks for 3.2 s: greet.wav`.

    Args:
        model: The alias of the model.
        said: What is said, or the name of the sound.
        seconds: Its length; None if it is not known.
    """
    if seconds is None:
        return N_("model {model} speaks: {said}").format(model=model, said=said)
    return N_("model {model} speaks for {seconds:.1f} s: {said}").format(
        model=model, seconds=seconds, said=said
    )


def read_speech_begins(text: str, model: str) -> str:
    """Returns what is said, from a text of `speech_begins` or an older one (`model 0 speaks
    greet.wav, 3.2 s`); empty if it is neither."""
    head = f"model {model} "
    if not text.startswith(head):
        return ""
    rest = text[len(head) :]
    if rest.startswith("speaks: "):
        return rest.removeprefix("speaks: ")
    if length := _LENGTH.match(rest):
        return rest[length.end() :]
    return _OLD_LENGTH.sub("", rest.removeprefix("speaks ")) if rest.startswith("speaks ") else ""


def speech_stopped(model: str, said: str, heard: float, more: str) -> str:
    """Returns the text of the end of a speech that was stopped.

    Args:
        model: The alias of the model.
        said: What was said, or the name of the sound.
        heard: The seconds of it that are heard.
        more: What else there is to say of it, with the sign before it; may be empty.
    """
    return N_("model {model} was stopped in {said} after {heard:.1f} s{more} (computed)").format(
        model=model, said=said, heard=heard, more=more
    )


def read_speech_stopped(text: str, model: str) -> bool:
    """Returns whether the text of the end of a speech says that it was stopped."""
    return text.startswith(f"model {model} was stopped in ")


def run_ended(macro: str, state: str, seconds: float) -> str:
    """Returns the text of the end of a macro's run: `macro Greet failed after 1.2 s`. `state` is a
    `RunEnd`."""
    return _RUN_ENDED[state].format(macro=macro, seconds=seconds)


def read_run_ended(text: str, macro: str) -> RunEnd:
    """Returns how the run of a macro ended, from a text of `run_ended`; `passed` from others."""
    rest = text.removeprefix(f"macro {macro} ") if text.startswith(f"macro {macro} ") else ""
    state = rest.partition(" ")[0]
    return "failed" if state == "failed" else "stopped" if state == "stopped" else "passed"
