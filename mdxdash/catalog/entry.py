"""An entry of the catalog: what is known of one message, its arguments, its replies."""

from typing import Literal

import msgspec

from mdxdash.language.translation import Language

MessageKind = Literal["command", "event", "remote"]
"""`command`: for the agent to act on. `event`: what the agent reports. `remote`: lines that only
the socket takes (`__AV…`, `SND…`), not a script."""
When = Literal["now", "end", "user", "conditional"]
"""When a reply comes: when the command is handled, when what it started has ended, after the user
did something, or only in some states."""

ArgumentType = Literal[
    "text",
    "rest",
    "list",
    "file",
    "key",
    "number",
    "integer",
    "choice",
    "bool-onoff",
    "vec2",
    "vec3",
    "vec3-4",
    "rgb",
    "rgba",
    "alias",
    "new-alias",
    "model-alias",
    "new-model-alias",
    "motion-alias",
    "new-motion-alias",
]
"""`rest` is all that remains, separators included; `list` has commas; `vec3-4` is three or four
numbers; `key` is the name of a KeyValue; a `new-…` is a name that the command creates."""


class Summary(msgspec.Struct, frozen=True, gc=False):
    """One line about what a message does, in each language."""

    en: str
    ja: str

    def text(self, language: Language) -> str:
        return self.ja if language == "ja" else self.en


class Argument(msgspec.Struct, frozen=True, gc=False):
    """One argument of one form."""

    name: str
    type: ArgumentType
    choices: tuple[str, ...] = ()
    default: str | None = None
    optional: bool = False

    @property
    def names_kind(self) -> str:
        """The kind of name that this argument is (`model`, `timer`, `motion file`), as
        `AnnouncedState.names` takes it; empty if it is no name."""
        if self.type.endswith("model-alias"):
            return "model"
        if self.type.endswith("motion-alias"):
            return "motion"
        if self.type in ("key", "file"):
            return "key" if self.type == "key" else self.name
        return self.name.removesuffix(" alias") if self.name.endswith(" alias") else ""


Form = tuple[Argument, ...]
"""One way of writing a message's arguments."""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that is known of one message.

    `name` is its type. `MENU` and `MENU_EVENT` have an entry for each sub-command, named
    `MENU|ADD`; its counts and arguments do not include the sub-command.
    """

    name: str
    kind: MessageKind
    module: str
    """The part of the agent that handles or sends it: `core`, or a plugin's name."""
    category: str
    summary: Summary
    forms: tuple[Form, ...]
    direction: Literal["to-agent", "from-agent", "both"]
    documented: bool
    observed: bool
    """Checked on the running program, not only read from its source."""
    min_args: int | None = None
    """The count that the program enforces; None if it does not check."""
    max_args: int | None = None
    separator: str = "|"
    """Between arguments; empty if all that follows the type is one argument."""
    replies: tuple[str, ...] = ()
    replies_when: tuple[When, ...] = ()
    replies_by_form: tuple[tuple[str, ...], ...] = ()
    platform: str = ""
    """The only system where it works; empty if it works on all."""
    file_ext: dict[str, tuple[str, ...]] = {}
    """The name of a file argument to the file name endings that the program reads."""
    notes: str = ""
    doc_conflict: str = ""
    """How the published documentation and the program disagree."""
    hazard: str = ""
    """When it crashes the agent, hangs it, or cuts the connection."""
    dead: bool = False
    """The program neither sends nor obeys it."""
    instead: str = ""
    """The correct message, if this one is a misprint."""
    announces: str = ""
    """The kind of name that exists from this message on."""
    ends: str = ""
    """The kind of name that ceases to exist with this message."""
    ends_all: str = ""
    refuses_existing: bool = False
    """It fails if its first argument is a name that exists already."""

    @property
    def takes_arguments(self) -> bool:
        return any(self.forms)
