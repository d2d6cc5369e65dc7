"""Files that other people put somewhere: what is no regular file is refused at once."""

import os
import socket
import stat
import sys
from pathlib import Path

import pytest

from mdxdash.settings.regular_file import (
    is_special,
    make_private_folder,
    open_regular,
    read_regular,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")


@pytest.fixture(params=["pipe", "folder", "socket", "/dev/zero", "link to a device"])
def special(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "special"
    match request.param:
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "socket":
            with socket.socket(socket.AF_UNIX) as one:
                one.bind(str(path))
        case "link to a device":
            path.symlink_to("/dev/zero")
        case device:
            return Path(device)
    return path


def test_what_is_no_regular_file_is_an_error_at_once(special: Path) -> None:
    with pytest.raises(OSError):
        open_regular(special)
    assert is_special(special)


def test_a_pipe_is_named_in_the_error(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="a named pipe"):
        open_regular(tmp_path / "pipe")


def test_the_null_device_is_an_empty_file() -> None:
    assert read_regular(Path(os.devnull), 10) == b""
    assert not is_special(Path(os.devnull))


def test_a_file_is_read_up_to_its_bound_and_not_beyond(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    assert read_regular(path, 10) == b"0123456789"
    with pytest.raises(OSError, match="more than 9 bytes"):
        read_regular(path, 9)


def test_a_file_that_is_not_there_is_not_special(tmp_path: Path) -> None:
    assert not is_special(tmp_path / "none")
    with pytest.raises(FileNotFoundError):
        open_regular(tmp_path / "none")


@pytest.mark.skipif(os.name != "posix", reason="modes are those of Unix")
def test_what_is_made_of_a_folder_is_private_and_what_exists_stays(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    make_private_folder(tmp_path / "a" / "b")
    make_private_folder(tmp_path / "a" / "b")
    modes = [stat.S_IMODE((tmp_path / each).stat().st_mode) for each in ("", "a", "a/b")]
    assert modes == [0o755, 0o700, 0o700]


def test_a_folder_cannot_be_made_where_a_file_is(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("", encoding="utf-8")
    with pytest.raises(OSError):
        make_private_folder(tmp_path / "a")
    with pytest.raises(OSError):
        make_private_folder(tmp_path / "a" / "b")
