"""One value against the field it is for."""

from typing import Annotated

import msgspec
import pytest
from msgspec import Meta

from mdxdash.settings.validation import (
    ValidationError,
    check_key,
    convert_field,
    convert_fields,
    literal,
)


class Form(msgspec.Struct):
    """What the tests fill in."""

    size: Annotated[int, Meta(ge=1, description="a size of 1 or more")]
    tags: Annotated[list[str], Meta(description="a list of tags")] | None = None


@pytest.mark.parametrize("value", [0, "3", True, None])
def test_a_wrong_type_and_a_wrong_value_get_the_same_answer(value: object) -> None:
    with pytest.raises(ValidationError, match=r"^`size`: expected a size of 1 or more, got "):
        convert_field(Form, "size", value)


def test_text_is_taken_for_a_number_only_where_all_is_text() -> None:
    assert convert_field(Form, "size", "3", strict=False) == 3


def test_an_error_in_a_list_has_its_index() -> None:
    with pytest.raises(ValidationError) as caught:
        convert_field(Form, "tags", ["a", 1])
    assert caught.value.key_path == ("tags", 1)


def test_a_missing_field_is_reported_with_what_is_expected() -> None:
    with pytest.raises(ValidationError, match="`size` is missing: expected a size of 1 or more"):
        convert_fields(Form, {"tags": []})


def test_an_unknown_key_far_from_all_others_is_reported_with_all_of_them() -> None:
    with pytest.raises(
        ValidationError, match="`colour` is no known key: expected one of size, tags"
    ):
        check_key("colour", Form.__struct_fields__)


def test_a_long_value_is_shortened() -> None:
    assert literal("こ" * 100) == '"' + "こ" * 58 + "…"
