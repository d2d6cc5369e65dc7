"""A filter as a tree, and the text of a tree."""

import pytest

from mdxdash.filters.filter import parse
from mdxdash.filters.tree import AllNode, AnyNode, NotNode, terms

TEXTS = [
    ("hello", "hello"),
    ('"hello"', "hello"),
    ('"hello world"', '"hello world"'),
    ('"OR"', '"OR"'),
    ("or", "or"),
    ('"-x"', '"-x"'),
    ('"type:x"', '"type:x"'),
    ('"/x/"', '"/x/"'),
    (r'"-\\"', r'"-\\"'),
    ("hel*", r'"hel\*"'),
    ("type:A,B*", "type:A,B*"),
    ('TYPE:"A","b c"', 'type:A,"b c"'),
    (r'type:"A\*"', r'type:"A\*"'),
    ('type:""', 'type:""'),
    ("/a/i", "/a/i"),
    (r"/a\/b/", r"/a\/b/"),
    (r"/\\/", r"/\\/"),
    ("a  b", "a b"),
    ("a OR b c", "a OR (b c)"),
    ("(a OR b) c", "(a OR b) c"),
    ("-(a b)", "-(a b)"),
    ("--a", "a"),
    ("---a", "-a"),
    ("-(-a)", "-(-a)"),
    ("(a)", "a"),
    ("a (b c) d", "a (b c) d"),
    ("last:30s after:12:30", "last:30s after:12:30"),
]


@pytest.mark.parametrize(("text", "canonical"), TEXTS)
def test_the_text_of_a_tree_is_parsed_as_an_equal_tree(text: str, canonical: str) -> None:
    found = parse(text)
    assert str(found) == canonical
    assert parse(canonical) == found


def test_the_terms_of_a_tree_come_in_the_order_of_the_text() -> None:
    node = parse("a -(type:b OR /c/) d").node
    assert node is not None
    assert [str(term) for term in terms(node)] == ["a", "type:b", "/c/", "d"]


def test_each_part_knows_its_positions_in_the_text() -> None:
    text = "  a -(type:b OR c)   d "
    node = parse(text).node
    assert isinstance(node, AllNode)
    assert [text[part.start : part.end] for part in node.parts] == ["a", "-(type:b OR c)", "d"]
    assert text[node.start : node.end] == "a -(type:b OR c)   d"
    excluded = node.parts[1]
    assert isinstance(excluded, NotNode)
    assert isinstance(excluded.part, AnyNode)
    assert text[excluded.part.start : excluded.part.end] == "(type:b OR c)"
    assert [text[part.start : part.end] for part in excluded.part.parts] == ["type:b", "c"]


def test_values_know_their_positions_in_the_text() -> None:
    text = 'x type:A,"b c"'
    term = list(terms(parse(text).node))[1]  # type: ignore[arg-type]
    assert [text[value.start : value.end] for value in term.values] == ["A", '"b c"']


def test_alternatives_begin_with_the_first_and_end_with_the_last() -> None:
    text = " a OR b OR c "
    node = parse(text).node
    assert isinstance(node, AnyNode)
    assert text[node.start : node.end] == "a OR b OR c"
