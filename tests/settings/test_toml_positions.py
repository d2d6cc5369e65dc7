"""Places in a TOML text: each key and element of the data is found where it stands."""

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.settings.toml_positions import KeyPath, find, line_and_column, scan

EVERYTHING = '''\
version = 1  # [[macro]] in a comment
"quoted key" = 'C:\\\\new'
a.b . "c.d" = 2

[[macro]]
name = "one # not a comment"
send = [  # the lines
  "A|]",  # "B",
  """
[[macro]]
name = "not a macro"\\""""",
]
when = 1979-05-27 07:32:00
steps = [ { send = "X" }, { repeat = 3, steps = [ { sleep = "1s", deep.er = [1, [2, 3]] } ] } ]

[macro.params]
voice = \'\'\'it's\'\'\'

[[macro]]
name = "two"
[[macro.answer]]
on = "x"
[[macro.answer]]
on = "y"
[hub]
port=1'''


def key_paths(data: Any, key_path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Each place in the data with its value, the data itself left out."""
    inside = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in inside:
        yield (*key_path, key), value
        if isinstance(value, dict | list):
            yield from key_paths(value, (*key_path, key))


def value_at(text: str, key_path: KeyPath) -> Any:
    """Parses the text of a key path's own span."""
    span = next(span for span in scan(text) if span.key_path == key_path)
    written = text[span.start : span.end]
    if isinstance(key_path[-1], int):
        return tomllib.loads(f"element = {written}")["element"]
    value = tomllib.loads(written)
    while isinstance(value, dict) and len(value) == 1 and key_path[-1] not in value:
        (value,) = value.values()
    return value[key_path[-1]]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_place_of_a_text_with_everything_is_found(end: str) -> None:
    text = EVERYTHING.replace("\n", end)
    spans = scan(text)
    missing = [
        key_path for key_path, _ in key_paths(tomllib.loads(text)) if find(spans, key_path) is None
    ]
    assert missing == []


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_stands_at_a_place_is_its_value(end: str) -> None:
    text = EVERYTHING.replace("\n", end)
    wrong = [
        key_path
        for key_path, value in key_paths(tomllib.loads(text))
        if not isinstance(value, dict)
        and any(span.key_path == key_path and not span.header for span in scan(text))
        and value_at(text, key_path) != value
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("key_path", "line"),
    [
        (("version",), 1),
        (("a", "b"), 3),
        (("macro", 0), 5),
        (("macro", 0, "send"), 7),
        (("macro", 0, "send", 1), 9),
        (("macro", 0, "steps", 1, "steps", 0, "sleep"), 14),
        (("macro", 0, "params", "voice"), 17),
        (("macro", 1, "name"), 20),
        (("macro", 1, "answer", 1, "on"), 24),
        (("hub", "port"), 26),
    ],
)
def test_the_line_of_a_key_path(key_path: KeyPath, line: int) -> None:
    span = find(scan(EVERYTHING), key_path)
    assert span is not None
    assert line_and_column(EVERYTHING, span.start)[0] == line


def test_a_byte_order_mark_is_passed_over() -> None:
    assert [span.key_path for span in scan("\ufeffa = 1\n")] == [("a",)]


def test_a_text_that_is_no_toml_ends_the_scan() -> None:
    with pytest.raises(ValueError, match="no valid TOML at line 2, column 4"):
        scan("a = 1\nb  2\n")


keys = st.text(min_size=1, max_size=6)
scalars = st.text(max_size=12) | st.integers(-999, 999) | st.booleans() | st.floats(-9, 9)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(keys, values, max_size=5))
def test_every_place_of_any_data_is_found(data: dict[str, Any]) -> None:
    text = tomlkit.dumps(data)
    spans = scan(text)
    for key_path, value in key_paths(tomllib.loads(text)):
        # tomlkit writes no line of its own for a table that holds only tables.
        assert find(spans, key_path) is not None or value == {}
