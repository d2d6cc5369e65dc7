"""A hub in a process of its own, without a terminal: how it is started, and how it runs."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO, Final

from mdxdash.cli.exit_codes import FAILED, USAGE
from mdxdash.cli.hosting.background_macros import failures_reported
from mdxdash.cli.hosting.hand_over import allow_restart, kept
from mdxdash.cli.hosting.session_recording import warnings_reported
from mdxdash.cli.hosting.unattended import until_over
from mdxdash.cli.output.diagnostics import only_logged, report
from mdxdash.cli.signals import on_hangup
from mdxdash.language.translation import _
from mdxdash.remote.handover.giving import own_command
from mdxdash.remote.hub_session import HubSession
from mdxdash.remote.running_hubs import RunningHub, running_hubs

START_TIMEOUT: Final = 30.0
"""Seconds that a hub may take until it listens."""

_LOOK_INTERVAL: Final = 0.05

_WINDOWS_FLAGS: Final = getattr(subprocess, "DETACHED_PROCESS", 0) | getattr(
    subprocess, "CREATE_NEW_PROCESS_GROUP", 0
)


class NotStarted(Exception):
    """The hub ended before it was ready, or was not ready in time."""

    def __init__(self, code: int, text: str) -> None:
        """`code` is its exit code, `text` what it printed, or the reason."""
        super().__init__(text)
        self.code = code


def start_process(arguments: Sequence[str], environment: Mapping[str, str]) -> RunningHub:
    """Starts `mdxdash ARGUMENTS` in a session of its own, and returns the hub that it is as soon as
    that listens. Raises `NotStarted`.

    * `environment`: variables for it besides those of this process.
    """
    process = subprocess.Popen(
        [*own_command(), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, **environment},
        start_new_session=sys.platform != "win32",
        creationflags=_WINDOWS_FLAGS,
    )
    assert process.stderr is not None
    end = time.monotonic() + START_TIMEOUT
    while time.monotonic() < end:
        if process.poll() is not None:
            raise NotStarted(process.returncode, _text(process.stderr))
        for hub in running_hubs():
            if hub.state is not None and hub.state.welcome.pid == process.pid:
                process.stderr.close()
                return hub
        time.sleep(_LOOK_INTERVAL)
    process.kill()
    process.wait()
    raise NotStarted(
        FAILED,
        _("{stderr}it did not listen within {seconds:.0f} s").format(
            stderr=_text(process.stderr), seconds=START_TIMEOUT
        ),
    )


async def run_hub(session: HubSession, *, checks: bool, log_file: Path | None) -> None:
    """Runs a hub until it is stopped, without standard input and output.

    * `checks`: whether the macros are checked against the catalog.
    * `log_file`: where what goes to stderr is written once the hub listens; None: to stderr.

    Raises `NotStarted` when the hub could not be reached by other commands, and `CannotListen`.
    """
    async with warnings_reported(session.journal), session:
        # What watches over one in the foreground would miss its process, and starts another itself.
        is_watched = log_file is None
        if not is_watched:
            allow_restart(session)
        if session.control_problem:
            raise NotStarted(USAGE, session.control_problem)
        report(_("hub {name} listening on {url}").format(name=session.name, url=session.hub.url))
        with (
            nullcontext() if log_file is None else _output_into(log_file),
            on_hangup(session.released.set),
            failures_reported(session.runner, report, checks=checks),
        ):
            async with nullcontext() if is_watched else kept(session):
                await until_over(session)


@contextmanager
def _output_into(log_file: Path) -> Iterator[None]:
    """Lets a log file take the place of stdout and stderr: who started the hub reads them no more.
    What is reported is logged, and need not be there twice; the rest is what crashes print."""
    try:
        descriptor = os.open(log_file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    except OSError:
        descriptor = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(descriptor, stream)
    os.close(descriptor)
    with only_logged():
        yield


def _text(stream: IO[bytes]) -> str:
    return stream.read().decode("utf-8", "replace")
