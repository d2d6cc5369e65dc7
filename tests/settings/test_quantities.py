"""Durations and sizes: what a person may write, and that writing and reading agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.settings.quantities import (
    format_bytes,
    format_duration,
    parse_duration,
    parse_size,
)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("500ms", 0.5), ("20ms", 0.02), ("2s", 2), ("2 s", 2), ("1.5m", 90), ("1h", 3600), ("0s", 0)],
)
def test_a_number_with_a_unit_is_a_duration(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "2", "s", "2 sec", "-1s", "2s ", "1e3s", "infs", "２s", "2S"])
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match='expected a duration such as "2s" or "500ms", got "'):
        parse_duration(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.02, "20ms"), (2.0, "2s"), (1.5, "1.5s"), (60, "1m"), (90, "90s"), (7200, "2h"), (0, "0ms")],
)
def test_a_duration_is_written_as_short_as_can_be(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


@given(st.integers(min_value=0, max_value=10**12))
def test_what_is_written_is_read_as_the_same(microseconds: int) -> None:
    seconds = microseconds / 1_000_000
    assert parse_duration(format_duration(seconds)) == pytest.approx(seconds, abs=1e-7, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "size"),
    [("1000", 1000), ("2 GiB", 2 * 1024**3), ("1.5kB", 1500), ("3 MB", 3_000_000), ("7 B", 7)],
)
def test_a_size_is_a_number_with_a_unit(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "GiB", "2 iB", "2 GB/s", "-1", "2 gib"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a size"):
        parse_size(text)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (16_384, "16 KiB"),
        (2**40, "1 TiB"),
        (1536 * 2**20, "1536 MiB"),
        (1000, "1000 B"),
        (0, "0 B"),
    ],
)
def test_a_size_is_written_with_the_largest_unit_that_divides_it(size: int, text: str) -> None:
    assert format_bytes(size) == text


@given(st.integers(min_value=0, max_value=2**49))
def test_a_written_size_is_read_as_the_same(size: int) -> None:
    assert parse_size(format_bytes(size)) == size
