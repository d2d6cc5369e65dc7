"""The file of a journal: whole lines or none, and whether it is still the same file."""

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.recordings import journal_file
from mdxdash.recordings.file_format import Header, header_line
from mdxdash.recordings.file_lock import is_claimed
from mdxdash.recordings.journal_file import JournalFile

HEADER = header_line(Header("mdxdash", 1))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "one.jsonl"


@pytest.fixture
def file(path: Path) -> JournalFile:
    """A new file that is open."""
    file = JournalFile(path)
    file.open()
    return file


def test_a_new_file_continues_nothing_and_is_claimed(path: Path) -> None:
    file = JournalFile(path)
    assert not file.is_open
    assert file.open() is False
    assert file.is_open
    assert is_claimed(path)
    file.close()
    assert not file.is_open
    assert not is_claimed(path)


def test_lines_are_appended(file: JournalFile, path: Path) -> None:
    file.append(HEADER)
    file.append(b"{}\n")
    assert path.read_bytes() == HEADER + b"{}\n"
    assert file.end == len(HEADER) + 3


def test_the_same_file_is_continued(file: JournalFile, path: Path) -> None:
    file.append(HEADER)
    file.close()
    assert file.open() is True
    file.append(b"{}\n")
    assert path.read_bytes() == HEADER + b"{}\n"


def test_a_file_that_was_emptied_is_not_continued(file: JournalFile, path: Path) -> None:
    file.append(HEADER)
    file.close()
    os.truncate(path, 0)
    assert file.open() is False
    assert file.end == 0


def test_what_another_program_appended_meanwhile_stays_and_gets_a_newline(
    file: JournalFile, path: Path
) -> None:
    file.append(HEADER)
    file.close()
    with path.open("ab") as other:
        other.write(b"a note")
    assert file.open() is True
    assert path.read_bytes() == HEADER + b"a note\n"
    assert file.end == path.stat().st_size


@pytest.mark.parametrize("tail", [4, 65_536])
def test_an_unfinished_last_line_is_cut_off(
    path: Path, tail: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_file, "_TAIL", tail)
    path.parent.mkdir()
    path.write_bytes(HEADER + b'{"seq":1}\n{"seq":2,"time"')
    file = JournalFile(path)
    assert file.open() is False
    assert path.read_bytes() == HEADER + b'{"seq":1}\n'
    assert file.end == path.stat().st_size


@pytest.mark.parametrize("tail", [b'{"seq":2,"time":1,"kind":"log"}', b"a note", b"{"])
def test_an_unfinished_line_that_may_be_somebody_elses_gets_a_newline(
    path: Path, tail: bytes
) -> None:
    path.parent.mkdir()
    path.write_bytes(HEADER + b'{"seq":1}\n' + tail)
    JournalFile(path).open()
    assert path.read_bytes() == HEADER + b'{"seq":1}\n' + tail + b"\n"


def test_an_unfinished_header_gets_a_newline(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(HEADER[:30])
    JournalFile(path).open()
    assert path.read_bytes() == HEADER[:30] + b"\n"


def test_a_recording_in_a_newer_format_is_refused_and_left_alone(path: Path) -> None:
    path.parent.mkdir()
    content = b'{"format":"mdxdash","version":3,"more":[1]}\n{"seq":1'
    path.write_bytes(content)
    with pytest.raises(FileExistsError, match="a newer mdxdash wrote it, in version 3"):
        JournalFile(path).open()
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "content",
    [
        b"my thesis\n",
        b"{}\n",
        b'{"format":"other"}\n',
        b"{",
        HEADER[:10],
        b'{"format":"mdxdash"}\n',
        b'{"format":"mdxdash", an article about it\n',
        b'{"format":"mdxdash"' + b" " * 70_000,
        b"\n" + HEADER,
    ],
)
def test_a_file_that_is_no_recording_is_refused_and_left_alone(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    file = JournalFile(path)
    with pytest.raises(FileExistsError, match="no recording"):
        file.open()
    assert not file.is_open
    assert not is_claimed(path)
    assert path.read_bytes() == content


def test_a_file_that_is_being_written_is_refused(file: JournalFile, path: Path) -> None:
    with pytest.raises(BlockingIOError, match="another mdxdash"):
        JournalFile(path).open()


def test_a_folder_is_refused(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(OSError, match="not a file"):
        JournalFile(path).open()


def test_after_an_error_nothing_of_a_block_is_left(
    file: JournalFile, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.append(HEADER)
    write, written = os.write, []

    def write_a_little(descriptor: int, data: bytes) -> int:
        if written:
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(data)
        return write(descriptor, bytes(data)[:5])

    monkeypatch.setattr(os, "write", write_a_little)
    with pytest.raises(OSError, match="No space"):
        file.append(b'{"seq":1}\n')
    assert not file.is_open
    assert path.read_bytes() == HEADER
    assert file.end == len(HEADER)


def test_a_block_may_take_several_writes(
    file: JournalFile, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, bytes(data)[:7]))
    file.append(HEADER)
    assert path.read_bytes() == HEADER


def test_what_could_not_be_undone_is_cut_off_when_the_file_is_opened(
    file: JournalFile, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.append(HEADER)
    write = os.write

    def fail(*_: object) -> int:
        raise OSError(errno.EIO, "Input/output error")

    def write_half(descriptor: int, data: bytes) -> int:
        write(descriptor, bytes(data)[:4])
        return fail()

    with monkeypatch.context() as broken:
        broken.setattr(os, "write", write_half)
        broken.setattr(os, "ftruncate", fail)
        with pytest.raises(OSError, match="Input/output"):
            file.append(b'{"seq":1}\n')
    assert path.read_bytes() == HEADER + b'{"se'
    assert file.open() is True
    assert path.read_bytes() == HEADER


def test_a_file_that_is_still_there_passes_the_check(file: JournalFile) -> None:
    file.append(HEADER)
    file.check()
    assert file.is_open


def test_a_file_that_was_emptied_fails_the_check_and_is_closed(
    file: JournalFile, path: Path
) -> None:
    file.append(HEADER)
    os.truncate(path, 0)
    with pytest.raises(FileNotFoundError, match="replaced or emptied"):
        file.check()
    assert not file.is_open


@pytest.mark.skipif(os.name == "nt", reason="Windows does not let an open file be removed")
@pytest.mark.parametrize(("content", "reason"), [(None, "removed"), (HEADER * 2, "replaced")])
def test_a_file_that_was_removed_or_replaced_fails_the_check(
    file: JournalFile, path: Path, content: bytes | None, reason: str
) -> None:
    file.append(HEADER)
    other = path.with_name("other")
    if content is None:
        path.unlink()
    else:
        other.write_bytes(content)
        other.replace(path)
    with pytest.raises(FileNotFoundError, match=reason):
        file.check()
    assert not file.is_open
    assert file.open() is False


def test_an_empty_file_of_somebody_else_is_not_removed(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"")
    file = JournalFile(path)
    file.open()
    file.close()
    file.remove_empty()
    assert path.exists()


def test_an_empty_file_that_was_reserved_is_removed(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"")
    file = JournalFile(path, reserved=True)
    file.open()
    file.close()
    file.remove_empty()
    assert not path.exists()


def test_an_empty_file_is_removed_and_another_is_not(file: JournalFile, path: Path) -> None:
    file.append(HEADER)
    file.close()
    file.remove_empty()
    assert path.exists()
    os.truncate(path, 0)
    file.remove_empty()
    assert not path.exists()
    file.remove_empty()


def test_an_empty_file_that_was_never_opened_is_not_removed(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"")
    JournalFile(path).remove_empty()
    assert path.exists()


def test_only_its_owner_can_read_a_new_file(file: JournalFile, path: Path) -> None:
    assert os.name == "nt" or path.stat().st_mode & 0o077 == 0


_PIECES = st.sampled_from(
    [
        HEADER,
        HEADER[:25],
        b'{"seq":1}\n',
        b'{"seq":2,"ti',
        b'{"gap":',
        b"{",
        b"note",
        b"\n",
        b"\xff",
    ]
)


@given(st.lists(_PIECES, max_size=5).map(b"".join))
def test_opening_any_file_takes_nothing_from_it_but_a_torn_line_of_a_journal(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "file"
    path.write_bytes(content)
    file = JournalFile(path)
    try:
        file.open()
    except FileExistsError:
        assert path.read_bytes() == content
        return
    file.close()
    file.remove_empty()
    left = path.read_bytes()
    assert left in (content, content + b"\n") or (
        content.startswith(left) and content[len(left) :].startswith((b'{"seq":', b'{"gap":'))
    )
