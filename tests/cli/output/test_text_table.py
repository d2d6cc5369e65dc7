"""Tables and quantities in the terminal."""

import pytest

from mdxdash.cli.output.text_table import format_clock, format_size, table


def test_wide_characters_line_up() -> None:
    assert table(("NAME", "N"), [("部屋", "1,000"), ("chat", "7")]).splitlines() == [
        "NAME      N",
        "部屋  1,000",
        "chat      7",
    ]


@pytest.mark.parametrize(
    ("size", "shown"), [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (3 * 2**40, "3072.0 GiB")]
)
def test_sizes(size: int, shown: str) -> None:
    assert format_size(size) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.4, "00:00:00"), (751, "00:12:31"), (360_000, "100:00:00")]
)
def test_spans(seconds: float, shown: str) -> None:
    assert format_clock(seconds) == shown
