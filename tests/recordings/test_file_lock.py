"""The claim on a file that is being written."""

import errno
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mdxdash.recordings.file_lock import claim, is_claimed


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "one.jsonl"
    path.write_bytes(b"")
    return path


@pytest.fixture
def descriptor(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR)
    yield descriptor
    os.close(descriptor)


def test_a_file_is_claimed_until_it_is_closed(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    assert sys.platform == "win32" or not is_claimed(path)
    claim(descriptor)
    assert is_claimed(path)
    os.close(descriptor)
    assert not is_claimed(path)


def test_a_file_that_does_not_exist_is_not_claimed(tmp_path: Path) -> None:
    assert not is_claimed(tmp_path / "none.jsonl")


def test_asking_does_not_take_the_claim_away(path: Path, descriptor: int) -> None:
    claim(descriptor)
    assert [is_claimed(path) for _ in range(3)] == [True, True, True]


def test_the_claim_of_a_killed_process_ends(path: Path) -> None:
    program = (
        "import os, sys; from mdxdash.recordings.file_lock import claim;"
        "claim(os.open(sys.argv[1], os.O_RDWR)); print('claimed', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"claimed"
        assert is_claimed(path)
        other.kill()
    assert not is_claimed(path)


if sys.platform != "win32":
    import fcntl

    def test_a_file_cannot_be_claimed_twice(path: Path, descriptor: int) -> None:
        claim(descriptor)
        second = os.open(path, os.O_RDWR)
        with pytest.raises(BlockingIOError):
            claim(second)
        os.close(second)

    @pytest.fixture
    def _no_locks(monkeypatch: pytest.MonkeyPatch) -> None:
        """As on some network drives."""

        def refuse(descriptor: int, operation: int) -> None:
            raise OSError(errno.ENOLCK, "No locks available")

        monkeypatch.setattr(fcntl, "flock", refuse)

    @pytest.mark.usefixtures("_no_locks")
    @pytest.mark.parametrize(("age", "claimed"), [(3500.0, True), (3700.0, False)])
    def test_without_locks_a_file_is_claimed_for_an_hour_after_its_last_write(
        path: Path, descriptor: int, age: float, claimed: bool
    ) -> None:
        claim(descriptor)
        at = time.time() - age
        os.utime(path, (at, at))
        assert is_claimed(path) is claimed


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes")
def test_a_pipe_that_nobody_writes_is_not_claimed_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert not is_claimed(tmp_path / "pipe")
