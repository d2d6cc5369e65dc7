"""Programs that a hub's process has left running when it was killed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mdxdash.processes.child_process import group_options
from mdxdash.programs import left_over
from mdxdash.programs.left_over import end_left_over, program_marks
from mdxdash.programs.runner import ProgramRunner
from mdxdash.settings.tables.command_sections import ProgramSettings
from tests.support.hub_clients import running_hub
from tests.support.waiting import logged

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="no process takes over elsewhere")

SLEEP = "import time; time.sleep(600)"

PORT = 65_001


@pytest.fixture
def of_gone_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets programs be marked as those of a hub process that is gone."""
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    monkeypatch.setattr("os.getpid", lambda: gone.pid)


@contextmanager
def sleeping(marks: dict[str, str], **options: bool) -> Iterator[subprocess.Popen[bytes]]:
    """A process that would go on for long."""
    process = subprocess.Popen(
        [sys.executable, "-c", f"print(flush=True); {SLEEP}"],
        stdout=subprocess.PIPE,
        env={**os.environ, **marks},
        **(options or group_options()),
    )
    assert process.stdout is not None
    process.stdout.readline()
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.usefixtures("of_gone_hub")
def test_a_program_of_a_hub_that_is_gone_is_ended_and_no_other_process() -> None:
    marks, of_another_port = (program_marks("bridge", port) for port in (PORT, PORT + 1))
    with sleeping(marks) as left, sleeping({}) as unmarked, sleeping(of_another_port) as other:
        assert end_left_over(PORT) == [left.pid]
        assert left.wait() < 0
        assert (unmarked.poll(), other.poll()) == (None, None)


def test_a_program_of_a_hub_that_runs_is_left_alone() -> None:
    with sleeping(program_marks("bridge", PORT)) as process:
        assert end_left_over(PORT) == []
        assert process.poll() is None


@pytest.mark.usefixtures("of_gone_hub")
def test_what_a_program_has_started_is_not_taken_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    marks = program_marks("bridge", PORT)
    with sleeping(marks, start_new_session=False) as child:
        assert end_left_over(PORT) == []
        assert child.poll() is None
    monkeypatch.setattr(left_over, "_SECONDS_APART", -0.2)
    with sleeping(marks) as later:  # such as a hub that a program has started in the background
        assert end_left_over(PORT) == []
        assert later.poll() is None


@pytest.mark.usefixtures("of_gone_hub")
async def test_whoever_goes_on_ends_it_and_starts_it_anew() -> None:
    command = f'"{sys.executable}" -c "{SLEEP}"'
    async with running_hub() as hub:
        with sleeping(program_marks("bridge", hub.port)) as left:
            runner = ProgramRunner(hub, hub.log, {"bridge": ProgramSettings(command)})
            async with runner.running():
                ended = await logged(hub.log, lambda event: "was ended" in event.text)
                assert ended.text == f"process {left.pid} of the hub that is gone was ended"
                anew = await logged(hub.log, lambda e: e.text.startswith("started as process "))
                assert anew.seq > ended.seq
