"""The JSON Schema of the settings file, for editors that check and complete TOML."""

from typing import Any, Final, get_type_hints

import msgspec

from mdxdash.settings.model import ALL_AGENTS, HIGHLIGHT_COLOURS, SECTIONS, VERSION, all_settings
from mdxdash.settings.quantities import DURATION_PATTERN, SIZE_PATTERN
from mdxdash.settings.setting import Setting, settings_of
from mdxdash.settings.tables.command_sections import OWNERS

_DURATION: Final[dict[str, Any]] = {"type": "string", "pattern": f"^{DURATION_PATTERN}$"}
_TEXTS: Final = {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1}
_FILTER: Final = {"type": "string", "minLength": 1}

_MACRO_KEYS: Final[dict[str, dict[str, Any]]] = {
    "name": {"type": "string", "description": "The macro's name, which no other macro has."},
    "send": {
        "anyOf": [{"type": "string", "minLength": 1}, _TEXTS],
        "description": "A message such as TYPE|argument, or a list of them.",
    },
    "key": {"type": "string", "pattern": "^[1-9]$", "description": "The key that fires it."},
    "every": _DURATION | {"description": "The time between two rounds; absent: it fires once."},
    "target": {
        "type": "string",
        "minLength": 1,
        "description": "An agent, a pattern or a group; absent: every agent.",
    },
    "steps": {
        "type": "array",
        "items": {"type": "object"},
        "minItems": 1,
        "description": "Steps with send, wait, expect, sleep, repeat, run, set, play, say or stop, "
        "instead of `send`.",
    },
    "params": {
        "type": "object",
        "additionalProperties": {"type": "string"},
        "description": "Names with the values that {name} is replaced by.",
    },
    "on": _FILTER | {"description": "A filter: an event that matches it fires the macro."},
    "cooldown": _DURATION | {"description": "The time after a firing in which `on` is ignored."},
    "above": {
        "type": "integer",
        "minimum": 1,
        "description": "More events than this within a minute fire it, and not each.",
    },
    "absent": _FILTER | {"description": "The event that must follow `on` in time, or it fires."},
    "within": _DURATION | {"description": "The time in which `absent` must follow."},
    "overlap": {
        "enum": ["skip", "queue", "restart", "allow"],
        "description": "What happens when it is fired while it runs.",
    },
}
"""Macros, loosely: the room that runs them checks them."""

_WATCH_KEYS: Final[dict[str, dict[str, Any]]] = {
    "name": {"type": "string", "description": "The watch's name, which no other watch has."},
    "on": _FILTER | {"description": "A filter: events that match it are counted."},
    "target": _MACRO_KEYS["target"],
    "alarm": {"const": "first", "description": "Raise an alarm at the first event."},
    "above": {
        "type": "integer",
        "minimum": 1,
        "description": "Raise an alarm at more events than this within a minute.",
    },
    "absent": _FILTER | {"description": "Raise an alarm if this event does not follow in time."},
    "within": _DURATION | {"description": "The time in which `absent` must follow."},
}
"""Watches, as loosely."""


def json_schema() -> dict[str, Any]:
    """Returns the schema (JSON Schema, draft 2020-12)."""
    properties: dict[str, Any] = {
        "version": {"const": VERSION, "description": "The version of the file's format."}
    }
    for section in SECTIONS:
        keys = {
            setting.key: _value(setting) for setting in all_settings() if setting.section == section
        }
        properties[section] = {
            "type": "object",
            "properties": keys,
            "additionalProperties": False,
        }
    properties["groups"] = {
        "type": "object",
        "propertyNames": {"not": {"const": ALL_AGENTS}},
        "additionalProperties": _TEXTS,
        "description": "Names for several agents, each with their names and patterns.",
    }
    properties["filters"] = {
        "type": "object",
        "additionalProperties": _FILTER,
        "description": "Filters that are saved under names.",
    }
    properties["keys"] = {
        "type": "object",
        "additionalProperties": {"anyOf": [{"type": "string", "minLength": 1}, _TEXTS]},
        "description": "Keys by the names of the dashboard's actions.",
    }
    properties["highlights"] = {
        "type": "object",
        "additionalProperties": {"enum": list(HIGHLIGHT_COLOURS)},
        "description": "Filters of rows that stand out, with their colours.",
    }
    for kind, owner in OWNERS.items():
        settings = settings_of(kind, owner)
        properties[kind] = {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "properties": {setting.key: _value(setting) for setting in settings},
                "required": ["command"],
                "additionalProperties": False,
            },
        }
    properties["macro"] = {
        "type": "array",
        "items": {
            "type": "object",
            "properties": _MACRO_KEYS,
            "required": ["name"],
            "additionalProperties": False,
        },
    }
    properties["watch"] = {
        "type": "array",
        "items": {
            "type": "object",
            "properties": _WATCH_KEYS,
            "required": ["name", "on"],
            "additionalProperties": False,
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings and macros of mdxdash (mdxdash.toml)",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def _value(setting: Setting) -> dict[str, Any]:
    schema: dict[str, Any]
    match setting.form:
        case "duration":
            schema = dict(_DURATION)
        case "size":
            schema = {"type": "string", "pattern": f"^{SIZE_PATTERN}$"}
        case _:
            hint = get_type_hints(setting.owner, include_extras=True)[setting.key]
            schema = msgspec.json.schema(hint)
            # TOML has no null: a setting without a value is left out.
            schema = schema["anyOf"][0] if "anyOf" in schema else schema
    if "pattern" in schema:
        schema["pattern"] = schema["pattern"].replace(r"\A", "^").replace(r"\Z", "$")
    schema["description"] = f"{setting.about.meaning} Expected: {setting.expected}."
    if setting.default is not None:
        schema["default"] = setting.written(setting.default)
    if setting.about.example:
        schema["examples"] = [setting.about.example]
    return schema
