"""What the protocol says of a hub can be read back and is what the hub is."""

from pathlib import Path

import msgspec

from mdxdash.macros.files.toml_form import read_macros
from mdxdash.macros.running.run_log import RunRecord, StepRecord
from mdxdash.remote.faces.states import (
    STEPS_SENT,
    first_readable,
    hub_state,
    macros_toml,
    run_state,
    welcome,
)
from mdxdash.remote.protocol import Run, Welcome
from mdxdash.settings.toml_source import parse_toml
from tests.support.faces import session_in

MACROS = """\
[[macro]]
name = "ミク"
key = "1"
every = "2s"
send = ["A|1", "B|{x}"]
params = { x = "y" }
target = "chat*"
[[macro]]
name = "Steps"
on = "type:A"
overlap = "queue"
steps = [
  { send = "A" },
  { wait = "type:B", timeout = "1s" },
  { repeat = 2, steps = [{ sleep = "1s" }] },
]
"""


def test_the_macros_are_read_back_as_they_are(tmp_path: Path) -> None:
    session = session_in(tmp_path, macros=MACROS, recording_enabled=False)
    macros = session.runner.macros
    assert len(macros) == 2
    for given in (macros, ()):
        source = parse_toml(macros_toml(given).encode(), tmp_path / "sent.toml")
        assert read_macros(source) == given


def test_a_face_from_elsewhere_learns_neither_secret_nor_paths(tmp_path: Path) -> None:
    session = session_in(tmp_path, secret="0123456789abcdef")
    here = welcome(session, 1, face="attach", read_only=False, elsewhere=False)
    assert any("0123456789abcdef" in line for line in here.full_mdf_lines)
    assert here.settings_file and here.recording_file
    for read_only, elsewhere in ((True, False), (False, True)):
        told = welcome(session, 1, face="attach", read_only=read_only, elsewhere=elsewhere)
        assert b"0123456789abcdef" not in msgspec.json.encode(told)
    assert (told.settings_file, told.recording_file) == ("", "")
    assert msgspec.json.decode(msgspec.json.encode(here), type=Welcome) == here


def test_a_long_run_is_told_with_its_latest_steps() -> None:
    record = RunRecord("A", "chat", 1e9, 1.0, number=7)
    for number in range(STEPS_SENT + 50):
        record.steps.append(StepRecord(f"{number}", "send A", float(number)))
    run = run_state(record)
    assert (run.run, len(run.steps)) == (7, STEPS_SENT)
    assert [run.steps[0].number, run.steps[-1].number] == ["50", f"{STEPS_SENT + 49}"]
    assert msgspec.json.decode(msgspec.json.encode(run), type=Run) == run


def test_without_a_recording_memory_is_all_there_is(tmp_path: Path) -> None:
    session = session_in(tmp_path, log_events=1, recording_enabled=False)
    for _ in range(5):
        session.log.append("received", "chat", "A")
    assert first_readable(session) == session.log.first_seq > 1
    assert hub_state(session, ("web",)).faces == ("web",)
