"""What mdxdash writes for itself is for its user only, under any umask."""

import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from mdxdash.cli.commands.config import init
from mdxdash.cli.commands.trust import command as trust
from mdxdash.cli.log_file import default_log_file, log_to_file
from mdxdash.events.log import EventLog
from mdxdash.recordings.journal import Journal
from mdxdash.recordings.sessions import recording_file
from mdxdash.settings.model import RecordingSettings
from mdxdash.settings.sent_history import SentHistory, user_history_file
from tests.support.homes import HOME_VARIABLES
from tests.support.programs import call

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes are those of Unix")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home, and a umask that hides nothing."""
    for name in HOME_VARIABLES:
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    umask, handlers = os.umask(0), list(logging.root.handlers)
    yield tmp_path / "home"
    os.umask(umask)
    for handler in set(logging.root.handlers) - set(handlers):
        logging.root.removeHandler(handler)
        handler.close()


def write_all() -> None:
    """Writes each kind of file that mdxdash keeps."""
    log_to_file(None, verbose=False)
    SentHistory(user_history_file()).save(["PLAY|a"])
    recording = recording_file(RecordingSettings(), None)
    assert recording is not None
    log = EventLog(10)
    with (
        Journal(recording, log, reserved=True),
        Journal(Path("home/named/one.jsonl"), log),
    ):
        log.append("sent", "chat", "A")
    call(init)
    Path("mdxdash.toml").write_text("[hub]\ntap = true\n", encoding="utf-8")
    call(trust)


def test_nobody_else_reads_what_mdxdash_writes(home: Path) -> None:
    write_all()
    found = [path for path in home.rglob("*") if stat.S_IMODE(path.stat().st_mode) & 0o077]
    assert found == []
    assert len([path for path in home.rglob("*") if path.is_file()]) >= 6


def test_what_an_earlier_version_left_for_everybody_is_private_again(home: Path) -> None:
    for path in (default_log_file(), user_history_file()):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("old\n", encoding="utf-8")
        path.chmod(0o644)
    write_all()
    for path in (default_log_file(), user_history_file()):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.read_text(encoding="utf-8").startswith("old\n")
