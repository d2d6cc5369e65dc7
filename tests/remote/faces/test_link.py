"""What comes from a face is split into lines, and given out a few at a time."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from mdxdash.remote.faces.link import LineSplitter


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=8))
def test_however_it_comes_the_lines_are_the_same(data: bytes, cuts: list[int]) -> None:
    splitter, taken = LineSplitter(1000), list[bytes]()
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    for start, stop in pairwise(edges):
        splitter.feed(data[start:stop])
    assert splitter.give(1000, taken.append) == len(taken)
    assert taken == data.split(b"\n")[:-1]


def test_a_few_lines_at_a_time_are_given_out() -> None:
    splitter, taken = LineSplitter(1000), list[bytes]()
    splitter.feed(b"a\nb\nc\nd")
    assert (splitter.give(2, taken.append), len(splitter), taken) == (2, 1, [b"a", b"b"])
    assert splitter.give(2, taken.append) == 1
    assert not len(splitter)


def test_a_line_without_an_end_grows_to_its_limit() -> None:
    splitter = LineSplitter(10)
    splitter.feed(b"x" * 10)
    assert not splitter.too_long
    splitter.feed(b"x")
    assert splitter.too_long
