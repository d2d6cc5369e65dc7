"""`mdxdash takeover`: the process that takes over a running hub; a hub starts it."""

import logging
import os
import socket
from contextlib import suppress
from pathlib import Path

import click

from mdxdash.cli.hosting.event_loop import hub_loop
from mdxdash.cli.hosting.hand_over import allow_restart, kept
from mdxdash.cli.hosting.session_start import new_session
from mdxdash.cli.hosting.unattended import until_over
from mdxdash.cli.log_file import log_to_file
from mdxdash.cli.output.diagnostics import in_background
from mdxdash.cli.signals import Interrupted, run_until_signal
from mdxdash.remote.handover.messages import HandOverFailed
from mdxdash.remote.handover.recovery import KeptHub
from mdxdash.remote.handover.taking import Successor
from mdxdash.remote.hub_session import HubSession
from mdxdash.remote.session_macros import SwitchedOn
from mdxdash.settings.model import Settings

_logger = logging.getLogger(__name__)


@click.command(name="takeover", hidden=True)
@click.option("--log-file", type=click.Path(path_type=Path))
@click.option("--kept", "from_keeper", is_flag=True, help="The other end is a keeper.")
@click.argument("descriptor", type=int)
def command(log_file: Path | None, from_keeper: bool, descriptor: int) -> None:
    """Takes over the hub of the process at the other end of a socket, and serves until it is
    stopped."""
    end = socket.socket(fileno=descriptor)
    end.set_inheritable(False)
    with suppress(OSError):  # it can serve without
        log_to_file(log_file, verbose=False)
    make_loop = hub_loop()  # with TLS a hub is never handed over
    work = _serve_kept(end) if from_keeper else _serve(Successor(end, _session))
    try:
        with in_background():
            run_until_signal(work, make_loop)
    except Interrupted:
        return


async def _serve(successor: Successor) -> None:
    try:
        session = await successor.take()
    except (HandOverFailed, OSError) as error:
        # Without closing anything, or waiting: the sockets are the old process's.
        os.write(2, f"{error}\n".encode(errors="replace"))
        os._exit(1)
    _leave_errors()
    await _go_on(session, None)


async def _serve_kept(end: socket.socket) -> None:
    try:
        hub = KeptHub(end)
        session = await hub.take(_session)
    except Exception:
        _logger.exception("the agents of a hub that is gone cannot be taken over")
        os._exit(1)  # the sockets are the keeper's
    await _go_on(session, hub)


async def _go_on(session: HubSession, from_keeper: KeptHub | None) -> None:
    allow_restart(session)
    try:
        async with kept(session, released=session.released.is_set(), from_keeper=from_keeper):
            await until_over(session)
    finally:
        await session.__aexit__(None, None, None)


def _session(settings: Settings, switched_on: SwitchedOn, record_file: str) -> HubSession:
    return new_session(
        settings,
        record_file=Path(record_file) if record_file else None,
        triggers=switched_on.triggers,
        named=sorted(switched_on.named),
    )


def _leave_errors() -> None:
    """Writes no more to the file in which the old process looked for errors."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    os.close(nothing)
