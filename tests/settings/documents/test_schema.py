"""The JSON Schema: what it allows is what the settings allow."""

import re
from typing import Any

import pytest

from mdxdash.macros.files.toml_form import MACRO_KEYS
from mdxdash.macros.model import Overlap
from mdxdash.settings.documents.schema import json_schema
from mdxdash.settings.model import SECTIONS, all_settings
from mdxdash.settings.setting import Setting
from mdxdash.settings.tables.command_sections import OWNERS
from mdxdash.settings.validation import ValidationError


def value_schema(name: str) -> dict[str, Any]:
    section, key = name.split(".")
    found: dict[str, Any] = json_schema()["properties"][section]["properties"][key]
    return found


def allows(schema: dict[str, Any], value: object) -> bool:
    """Whether the few keywords that the schema of a setting uses allow a value."""
    types = {"string": str, "integer": int, "boolean": bool, "array": list}
    if type(value) is not types[schema["type"]]:
        return False
    if isinstance(value, str):
        pattern = schema.get("pattern", "")
        return re.search(pattern, value) is not None and len(value) >= schema.get("minLength", 0)
    if isinstance(value, list):
        return all(allows(schema["items"], item) for item in value)
    assert isinstance(value, int)
    return schema.get("minimum", value) <= value <= schema.get("maximum", value)


def test_it_names_every_section_and_setting() -> None:
    properties = json_schema()["properties"]
    others = {"keys", "groups", "filters", "highlights", "macro", "watch"}
    assert set(properties) == {"version", *SECTIONS, *OWNERS, *others}
    for section, owner in SECTIONS.items():
        assert list(properties[section]["properties"]) == list(owner.__struct_fields__)


def test_it_names_every_key_of_a_macro() -> None:
    keys = json_schema()["properties"]["macro"]["items"]["properties"]
    assert set(keys) == set(MACRO_KEYS)
    assert keys["overlap"]["enum"] == list(Overlap.__args__)


@pytest.mark.parametrize("setting", all_settings(), ids=lambda setting: setting.name)
def test_a_setting_s_default_or_example_is_allowed(setting: Setting) -> None:
    schema = value_schema(setting.name)
    value = setting.about.example if setting.default is None else setting.written(setting.default)
    assert setting.key == "secret" or allows(schema, value)
    assert schema.get("default") == setting.written(setting.default)


def converts(setting: Setting, value: object) -> bool:
    try:
        setting.convert(value, strict=True)
    except ValidationError:
        return False
    return True


VALUES = (
    *(0, 1, -1, 70_000, True, 1.5, [], ["http://a"], [1], ""),
    *("localhost", "a b", "/chat", "chat", "/a?b", "s" * 16, "s" * 15, "ü" * 16),
    *("60s", "60", "1.5m", "60 sec", "16 KiB", "16 kb", "ws://a:1/chat", "http://a", "ws://a?b"),
)


@pytest.mark.parametrize("setting", all_settings(), ids=lambda setting: setting.name)
def test_it_allows_what_the_setting_allows(setting: Setting) -> None:
    schema = value_schema(setting.name)
    allowed = [value for value in VALUES if allows(schema, value)]
    if setting.form == "size":  # a pattern knows no least size
        assert allowed == ["60", "16 KiB"]
    else:
        assert allowed == [value for value in VALUES if converts(setting, value)]
