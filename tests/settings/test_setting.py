"""One setting: its names, how its values are read, written and shown."""

from typing import Annotated

import msgspec
import pytest
from msgspec import Meta

from mdxdash.settings.setting import About, Setting, literal, settings_of
from mdxdash.settings.validation import ValidationError


class Section(msgspec.Struct, frozen=True):
    """What the tests take settings from."""

    count: Annotated[int, Meta(ge=1, description="a count"), About("Counts.", unit="things")] = 3
    wait: Annotated[
        float, Meta(gt=0, description="a duration"), About("Waits.", form="duration")
    ] = 60.0
    room: Annotated[int, Meta(ge=1, description="a size"), About("Holds.", form="size")] = 2048
    names: Annotated[tuple[str, ...], Meta(description="names"), About("Names.")] = ()
    on: Annotated[bool, Meta(description="true or false"), About("Acts.")] = True
    word: Annotated[
        str, Meta(min_length=4, description="a word"), About("Hides.", private=True)
    ] | (None) = None
    server: (
        Annotated[
            str,
            Meta(pattern=r"\Aws://", description="an address"),
            About("Dials.", form="address", private=True, option="--dial"),
        ]
        | None
    ) = None


SETTINGS = {setting.key: setting for setting in settings_of("part", Section)}


def of(key: str) -> Setting:
    return SETTINGS[key]


def test_settings_stand_in_the_order_of_the_fields() -> None:
    assert tuple(SETTINGS) == Section.__struct_fields__


def test_the_type_gives_the_form_unless_another_is_given() -> None:
    forms = [setting.form for setting in SETTINGS.values()]
    assert forms == ["number", "duration", "size", "list", "switch", "text", "address"]


def test_all_names_follow_from_section_and_key() -> None:
    count = of("count")
    assert (count.name, count.argument) == ("part.count", "part_count")
    assert (count.variable, count.option) == ("MDXDASH_PART_COUNT", "--part-count")
    (hub_count, *_) = settings_of("hub", Section)
    assert (hub_count.name, hub_count.variable) == ("hub.count", "MDXDASH_COUNT")
    assert of("server").option == "--dial"


def test_a_field_without_a_meaning_is_an_error_of_the_program() -> None:
    class Bare(msgspec.Struct):
        key: Annotated[int, Meta(description="a number")] = 1

    with pytest.raises(TypeError, match="has no About"):
        settings_of("part", Bare)


@pytest.mark.parametrize(
    ("key", "given", "value"),
    [
        ("count", 5, 5),
        ("wait", "1.5m", 90.0),
        ("room", "1 MiB", 2**20),
        ("names", ["a", "b"], ("a", "b")),
        ("on", False, False),
        ("word", "long", "long"),
    ],
)
def test_a_value_of_a_file_is_read_as_its_type(key: str, given: object, value: object) -> None:
    assert of(key).convert(given, strict=True) == value


@pytest.mark.parametrize(
    ("key", "given", "value"),
    [
        ("count", "5", 5),
        ("wait", "90s", 90.0),
        ("names", "a, b,,", ("a", "b")),
        ("on", "false", False),
    ],
)
def test_a_text_from_elsewhere_is_read_as_its_type(key: str, given: str, value: object) -> None:
    assert of(key).convert(given, strict=False) == value


@pytest.mark.parametrize(
    ("key", "given", "message"),
    [
        ("count", "5", '`count`: expected a count, got "5"'),
        ("count", True, "`count`: expected a count, got true"),
        ("wait", 60, "`wait`: expected a duration, got 60"),
        ("wait", "0s", '`wait`: expected a duration, got "0s"'),
        ("room", "2 KiX", '`room`: expected a size, got "2 KiX"'),
        ("names", "a", '`names`: expected names, got "a"'),
        ("word", "abc", '`word`: expected a word, got "something else"'),
        ("server", "http://a:b@c", '`server`: expected an address, got "http://***@c"'),
        ("server", 5, '`server`: expected an address, got "something else"'),
    ],
)
def test_a_wrong_value_is_answered_with_what_was_expected(
    key: str, given: object, message: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        of(key).convert(given, strict=True)
    assert str(caught.value) == message
    assert caught.value.key_path == (key,)
    assert caught.value.__cause__ is None and caught.value.__suppress_context__


def test_a_wrong_element_of_a_list_has_its_index() -> None:
    with pytest.raises(ValidationError) as caught:
        of("names").convert(["a", 1], strict=True)
    assert caught.value.key_path == ("names", 1)


@pytest.mark.parametrize("key", ["count", "wait", "room", "names", "on"])
def test_a_written_default_is_read_as_the_default(key: str) -> None:
    setting = of(key)
    assert setting.convert(setting.written(setting.default), strict=True) == setting.default


def test_no_value_is_written_as_none() -> None:
    assert [of(key).written(None) for key in ("word", "server")] == [None, None]


def test_private_values_are_not_shown() -> None:
    assert of("word").shown("long") == "***"
    assert of("server").shown("ws://me:pw@host/a") == "ws://***@host/a"
    assert of("word").shown(None) is None
    assert of("wait").shown(0.5) == "500ms"


def test_a_literal_is_a_value_of_toml() -> None:
    assert [literal(value) for value in ('a "b"', True, 5, ["ü"])] == [
        '"a \\"b\\""',
        "true",
        "5",
        '["ü"]',
    ]
