"""Blocks of whole records: every byte is read and searched once, and a growing file is followed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mdxdash.recordings.file_format import Header
from mdxdash.recordings.importing.input_format import InputFormat, Parsed
from mdxdash.recordings.importing.json_lines import JsonLines
from mdxdash.recordings.importing.terminal_lines import TerminalLines
from mdxdash.recordings.importing.text_formats import AgentLog, MessageLines
from mdxdash.recordings.record_blocks import Block, LineNumbers, blocks, followed_blocks

START = Block(0, b"")
HEAD = b"[2026/11/22 19:48:26.306] [1] A: Status: "


class Counting:
    """A format that counts the bytes that are searched."""

    def __init__(self, format_: InputFormat) -> None:
        self.header = format_.header
        self.searched = 0
        self._format = format_

    def whole(self, data: bytes | bytearray, looked: int = 0) -> int:
        self.searched += len(data) - looked
        return self._format.whole(data, looked)

    def parse(self, data: bytes) -> Parsed:
        return self._format.parse(data)


@pytest.mark.parametrize(
    "make",
    [
        lambda: AgentLog(("utf-8",), 0),
        lambda: MessageLines(("utf-8",), 0),
        lambda: TerminalLines(("utf-8",), 0),
        lambda: JsonLines(Header()),
    ],
)
@pytest.mark.parametrize("line", [b"\n[", b"\n\n[2026/11/22 ", b"x", b"\n", b"[2026"])
def test_every_byte_of_a_long_record_is_searched_once(
    tmp_path: Path, make: Callable[[], InputFormat], line: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mdxdash.recordings.record_blocks.BLOCK", 1000)
    path = tmp_path / "long.log"
    content = HEAD + line * 50_000
    path.write_bytes(content)
    counting = Counting(make())
    found = list(blocks(path, counting, START, torn=True))
    assert b"".join(block.data for block in found) == content
    assert counting.searched == len(content)


def test_a_head_is_found_wherever_the_file_is_cut(tmp_path: Path) -> None:
    log = AgentLog(("utf-8",), 0)
    data = HEAD + b"one\n\n" + HEAD + b"two\n"
    second = len(HEAD) + 5
    for looked in range(1, len(data)):
        found = log.whole(data[:looked]) or log.whole(data, looked)
        assert found == second


def test_appended_records_come_and_nothing_new_is_none(tmp_path: Path) -> None:
    path = tmp_path / "one.txt"
    path.write_bytes(b"A\nB")
    following = followed_blocks(path, MessageLines(("utf-8",), 0), START)
    assert next(following) == Block(0, b"A\n")
    assert [next(following) for _ in range(10)] == [None] * 10
    with path.open("ab") as file:
        file.write(b"|b\nC\n")
    assert next(following) == Block(2, b"B|b\nC\n")
    assert next(following) is None


def test_the_last_record_of_a_followed_log_comes_when_nothing_is_added(tmp_path: Path) -> None:
    path = tmp_path / "agent.log"
    path.write_bytes(HEAD + b"one\n\n")
    following = followed_blocks(path, AgentLog(("utf-8",), 0), START)
    found = [next(following) for _ in range(7)]
    assert [block.data for block in found if block is not None] == [HEAD + b"one\n\n"]


def test_a_followed_file_that_is_cut_replaced_or_removed_ends_with_the_reason(
    tmp_path: Path,
) -> None:
    def following(name: str) -> tuple[Path, Callable[[], Block | None]]:
        path = tmp_path / name
        path.write_bytes(b"A\nB\n")
        found = followed_blocks(path, MessageLines(("utf-8",), 0), START)
        next(found)
        return path, lambda: next(found)

    path, more = following("cut")
    path.write_bytes(b"A\n")
    with pytest.raises(OSError, match="shorter"):
        more()
    path, more = following("removed")
    path.unlink()
    with pytest.raises(OSError, match="removed"):
        more()
    path, more = following("replaced")
    (tmp_path / "other").write_bytes(b"A\nB\nC\n")
    (tmp_path / "other").replace(path)
    with pytest.raises(OSError, match="another file"):
        more()


def test_lines_have_their_numbers_in_whatever_order_they_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mdxdash.recordings.record_blocks.BLOCK", 7)
    file = tmp_path / "file"
    file.write_bytes(b"BOM" + b"line\n" * 20)
    numbers = LineNumbers(file, 3)
    for line in (1, 13, 7, 20, 7):
        assert numbers.at(3 + 5 * (line - 1)) == line
