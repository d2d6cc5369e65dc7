"""One setting: its type, its default, and everything else that is known of it."""

import json
from typing import Any, Final, Literal, get_args, get_type_hints

import msgspec

from mdxdash.language.translation import N_
from mdxdash.settings.quantities import format_bytes, format_duration, parse_duration, parse_size
from mdxdash.settings.redaction import HIDDEN, redact_address, redact_users
from mdxdash.settings.validation import ValidationError, convert_field, description, expected

Form = Literal["text", "number", "switch", "list", "duration", "size", "address"]
"""How a value is written: text, an integer, true or false, a list of texts, or a text with a unit
(`"60s"`, `"16 MiB"`) or a `ws://` address."""

Trust = Literal["harmless", "opens", "deletes", "sends", "forwards", "runs"]
"""What a setting can do to the user when somebody else chose its value:

* `harmless`: nothing but look different or be slower.
* `opens`: it lets others connect, or chooses who may.
* `deletes`: it removes files, or decides where they are written, or that none are.
* `sends`: it sends commands to agents that the user would be asked about.
* `forwards`: it passes the agents' messages on to another server, or that server's to them.
* `runs`: it starts a program.
"""

_FORMS: Final[dict[object, Form]] = {
    int: "number",
    bool: "switch",
    str: "text",
    tuple[str, ...]: "list",
}

UNSET: Final = "none"
"""The text for a setting without a value, unless its `About.unset` is another."""


class About(msgspec.Struct, frozen=True):
    """What the annotation of a setting's field gives beside the `Meta` that limits its values."""

    meaning: str
    """What it does, as users read it."""
    form: Form | None = None
    """None: the one of its type."""
    unit: str = ""
    """What a number counts: "events"."""
    option: str = ""
    """The option of the command line, if there is one: "--port"."""
    trust: Trust = "harmless"
    private: bool = False
    """Whether its value is never shown or logged."""
    unset: str = UNSET
    """What is in force while a setting without a default has no value."""
    example: Any = None
    """A value for the settings file where there is no default."""


class Setting(msgspec.Struct, frozen=True):
    """One setting of a section."""

    section: str
    key: str
    owner: type[msgspec.Struct]
    """The Struct that it is a field of."""
    default: Any
    """None: it has no value unless one is given."""
    form: Form
    about: About

    @property
    def name(self) -> str:
        """`hub.port`: its name in messages and in `save_setting`."""
        return f"{self.section}.{self.key}"

    @property
    def argument(self) -> str:
        """`port`, `log_events`: its name outside its section, from which variable and option
        follow."""
        return self.key if self.section == "hub" else f"{self.section}_{self.key}"

    @property
    def variable(self) -> str:
        """Its environment variable: `MDXDASH_PORT`."""
        return f"MDXDASH_{self.argument.upper()}"

    @property
    def option(self) -> str:
        """Its option as messages name it: `--port`."""
        return self.about.option or f"--{self.argument.replace('_', '-')}"

    @property
    def expected(self) -> str:
        """What its values must be, in words: "a port from 0 to 65535"."""
        return description(self.owner, self.key)

    def convert(self, given: object, *, strict: bool) -> Any:
        """Converts a written value to the setting's type.

        * `given`: the value from the file, a variable or an option; a duration or size is a text
          with its unit.
        * `strict`: False takes text for numbers, switches and lists, as variables need it.

        Raises `ValidationError`, which does not repeat a private value.
        """
        value = given
        try:
            if self.form in ("duration", "size"):
                if not isinstance(given, str):
                    raise ValueError
                value = (parse_duration if self.form == "duration" else parse_size)(given)
            elif self.form == "list" and isinstance(given, str) and not strict:
                value = [part.strip() for part in given.split(",") if part.strip()]
            return convert_field(self.owner, self.key, value, strict=strict)
        except ValueError as error:
            message = expected(self.key, self.expected, self._repeated(given))
            if self.name == "hub.path" and isinstance(given, str) and given[:1] != "/":
                message += f': write "/{redact_users(given)}"'
            key_path = error.key_path if isinstance(error, ValidationError) else (self.key,)
            # Without its cause, which repeats the value as it is.
            raise ValidationError(key_path, message) from None

    def written(self, value: Any) -> Any:
        """Returns a value as a file has it and `convert` reads it: a duration as text."""
        if value is None:
            return None
        match self.form:
            case "duration":
                return format_duration(value)
            case "size":
                return format_bytes(value)
            case "list":
                return list(value)
        return value

    def shown(self, value: Any) -> Any:
        """Returns a value as it is written, without what is private in it."""
        if value is None or not self.about.private:
            return self.written(value)
        return redact_address(value) if self.form == "address" else HIDDEN

    def _repeated(self, given: object) -> object:
        """A wrong value as its error may repeat it: a misspelt secret is still private."""
        if not self.about.private:
            return given
        is_address = self.form == "address" and isinstance(given, str)
        return redact_address(str(given)) if is_address else N_("something else")


def settings_of(section: str, owner: type[msgspec.Struct]) -> tuple[Setting, ...]:
    """Returns the settings of a section, in the order of its Struct's fields."""
    hints = get_type_hints(owner, include_extras=True)
    types = get_type_hints(owner)
    found = []
    for field in msgspec.structs.fields(owner):
        about = _about(hints[field.name])
        type_ = next((part for part in get_args(types[field.name]) if part is str), None)
        form = about.form or _FORMS[type_ if field.default is None else types[field.name]]
        default = None if field.required else field.default
        found.append(Setting(section, field.name, owner, default, form, about))
    return tuple(found)


def literal(value: object) -> str:
    """Returns a written value as a line of TOML has it."""
    return json.dumps(value, ensure_ascii=False)


def _about(hint: Any) -> About:
    for part in (hint, *get_args(hint)):
        for note in getattr(part, "__metadata__", ()):
            if isinstance(note, About):
                return note
    raise TypeError(f"{hint} has no About(…)")
