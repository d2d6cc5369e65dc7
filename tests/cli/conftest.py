"""Every test of the command line has a home and a working directory of its own."""

from pathlib import Path

import pytest

from tests.support.homes import HOME_VARIABLES


@pytest.fixture(autouse=True)
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings of anybody, and no files left in anybody's home."""
    monkeypatch.chdir(tmp_path)
    for name in HOME_VARIABLES:
        monkeypatch.setenv(name, str(tmp_path))
