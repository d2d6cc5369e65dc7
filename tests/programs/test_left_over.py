"""Programs that a hub's process has left running when it was killed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mdxdash.events.log import EventLog
from mdxdash.processes.child_process import group_options
from mdxdash.programs.left_over import MARK, STARTED, end_left_over, started_before
from mdxdash.programs.runner import ProgramRunner
from mdxdash.settings.command_sections import ProgramSettings
from tests.support.hub_clients import running_hub
from tests.support.waiting import logged

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="no process takes over elsewhere")


@contextmanager
def sleeping(**environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that would go on for long."""
    command = [sys.executable, "-c", "import time; print(flush=True); time.sleep(600)"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, env={**os.environ, **environment}, **group_options()
    )
    assert process.stdout is not None
    process.stdout.readline()
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_a_program_is_ended_and_another_process_of_that_number_is_not() -> None:
    with sleeping(**{MARK: "bridge"}) as left, sleeping() as other:
        assert end_left_over([left.pid, other.pid, 2**22 + 1]) == [left.pid]
        assert left.wait() < 0
        assert other.poll() is None


def test_the_starts_are_found_in_the_log() -> None:
    log = EventLog()
    log.append("log", text=f"{STARTED}12", module="program b", level="Status", by="program")
    log.append("log", text=f"{STARTED}13", module="program b", level="stderr")
    log.append("log", text=f"{STARTED}soon", module="program b", level="stderr", by="program")
    assert started_before(log) == {12}


async def test_whoever_goes_on_ends_it_and_starts_it_anew() -> None:
    command = f'"{sys.executable}" -c "import time; time.sleep(600)"'
    with sleeping(**{MARK: "bridge"}) as left:
        async with running_hub() as hub:
            text = f"{STARTED}{left.pid}"
            hub.log.append("log", text=text, module="program bridge", level="Status", by="program")
            runner = ProgramRunner(hub, hub.log, {"bridge": ProgramSettings(command)})
            async with runner.running():
                ended = await logged(hub.log, lambda event: "was ended" in event.text)
                assert ended.text == f"process {left.pid} of the hub that is gone was ended"
                anew = await logged(
                    hub.log, lambda e: e.text.startswith(STARTED) and e.text != text
                )
                assert anew.seq > ended.seq
