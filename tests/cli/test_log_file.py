"""The file of mdxdash's own diagnostics."""

import logging
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
