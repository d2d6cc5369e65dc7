"""Names in a filter that nothing has."""

import pytest

from mdxdash.filters.assistance.completion import KnownNames
from mdxdash.filters.assistance.unknown_names import unknown_name
from mdxdash.filters.filter import parse

KNOWN = KnownNames(types={"RECOG_EVENT_START": 1, "MY_TYPE": 2}, agents=("chat",))


@pytest.mark.parametrize(
    ("text", "kind", "pattern"),
    [
        ("type:RECOG", "type", "RECOG*"),
        ("hello -type:MY_TYPE,my_", "type", "my_*"),
        ("type:NOTHING", "type", ""),
        ("agent:ch", "agent", "ch*"),
    ],
)
def test_it_is_found_with_a_pattern_for_what_begins_so(text: str, kind: str, pattern: str):
    unknown = unknown_name(parse(text), KNOWN)
    assert unknown is not None
    assert (unknown.kind, unknown.pattern) == (kind, pattern)
    assert text[unknown.value.start : unknown.value.end] == unknown.value.text


@pytest.mark.parametrize(
    "text", ["", "hello", "type:RECOG*", "type:my_type", "type:SYNTH_START", "agent:CHAT", "args:x"]
)
def test_names_that_are_known_and_patterns_are_right(text: str):
    assert unknown_name(parse(text), KNOWN) is None
