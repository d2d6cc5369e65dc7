"""The file of mdxdash's own diagnostics."""

import logging
import os
import sys
from pathlib import Path

import pytest

from mdxdash.cli.log_file import BoundedFileHandler


def test_the_file_stays_bounded_and_ends_with_the_last_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("mdxdash.cli.log_file.LOG_BYTES", 1000)
    file = tmp_path / "mdxdash.log"
    handler = BoundedFileHandler(file, encoding="utf-8")
    for number in range(100):
        handler.handle(logging.makeLogRecord({"msg": f"{number:03} " + "x" * 90}))
        assert file.stat().st_size < 1100
    handler.close()
    assert file.read_text(encoding="utf-8").splitlines()[-1].startswith("099")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError):
        BoundedFileHandler(tmp_path / "pipe", encoding="utf-8")


def test_the_null_device_can_be_the_log_file():
    handler = BoundedFileHandler(Path(os.devnull), encoding="utf-8")
    handler.handle(logging.makeLogRecord({"msg": "nowhere"}))
    handler.close()
