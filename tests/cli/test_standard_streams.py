"""Lines from stdin, however the bytes come."""

from hypothesis import given
from hypothesis import strategies as st

from mdxdash.cli.standard_streams import LINE_BYTES, split_lines


@given(st.lists(st.binary(max_size=30), max_size=10))
def test_lines_do_not_depend_on_how_the_bytes_come(blocks: list[bytes]) -> None:
    whole = b"".join(blocks)
    lines = whole.split(b"\n")
    if not lines[-1]:
        lines.pop()
    assert list(split_lines(iter(blocks))) == lines


def test_a_line_without_an_end_takes_bounded_memory_and_time_and_is_skipped(capsys) -> None:
    looked_at = 0

    class Block(bytes):
        def split(self, *arguments: object) -> list[bytes]:  # type: ignore[override]
            nonlocal looked_at
            looked_at += len(self)
            return bytes(self).split(b"\n")

    blocks = [Block(b"x" * 65_536)] * 640
    lines = list(split_lines(iter([*blocks, Block(b"\nNEXT|1\n")])))
    assert lines == [b"NEXT|1"]
    assert looked_at == 640 * 65_536 + 8
    assert "a line of 41,943,040 bytes" in capsys.readouterr().err


def test_the_longest_line_is_taken() -> None:
    line = b"x" * LINE_BYTES
    assert list(split_lines(iter([line[:10], line[10:], b"\n"]))) == [line]
    assert list(split_lines(iter([line + b"x", b"\nA"]))) == [b"A"]
