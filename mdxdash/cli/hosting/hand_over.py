"""Hands the hub of a command over to a new process, and ends this one."""

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Final, NoReturn

from mdxdash.cli.log_file import log_file_in_use
from mdxdash.hub.adoption import CannotHandOver
from mdxdash.language.translation import N_
from mdxdash.remote.hub_session import HubSession

if TYPE_CHECKING:
    from mdxdash.remote.handover.recovery import KeptHub
    from mdxdash.settings.rereading import Rereading

_LAST_ANSWER: Final = 0.1
"""Seconds for the answer to whoever asked for it."""

_logger = logging.getLogger(__name__)


def can_hand_over(session: HubSession) -> bool:
    """Returns whether another process can take over the hub at all: not on Windows, and not with
    TLS, whose state is in this process."""
    return sys.platform != "win32" and not session.settings.hub.has_tls


def allow_restart(session: HubSession, end: Callable[[], None] | None = None) -> None:
    """Lets faces restart the hub: another process takes it over, and `end` is called, which must
    end this one without leaving the session. By default it is ended at once."""
    session.restart = partial(_restart, session, end or partial(os._exit, 0))


async def detach(session: HubSession) -> None:
    """Hands the hub over to a process in the background, which ends when nobody has needed the hub
    for a while. This process must end then without leaving the session. Raises `CannotHandOver`."""
    from mdxdash.remote.handover.giving import hand_over, own_command  # noqa: PLC0415

    was_released = session.released.is_set()
    session.released.set()
    try:
        await hand_over(session, own_command(), _options())
    except BaseException:
        if not was_released:
            session.released.clear()
        raise


@asynccontextmanager
async def kept(
    session: HubSession, *, released: bool = False, from_keeper: "KeptHub | None" = None
) -> AsyncIterator[None]:
    """Has a keeper hold the agents' connections while its body runs, where that is possible; the
    session must be entered.

    * `released`: whether a hub that the keeper starts ends when nobody has needed it for a while.
    * `from_keeper`: what the keeper has given to this process, which goes on with it.
    """
    # Loaded when it runs, as below: the first picture does not wait for it.
    from mdxdash.remote.handover.giving import own_command  # noqa: PLC0415
    from mdxdash.remote.handover.keeping import Keeping, can_keep  # noqa: PLC0415

    if not can_keep(session):
        yield
        return
    keeping = Keeping(session, own_command(), log_file_in_use(), released=released)
    if from_keeper is not None:
        from_keeper.go_on_keeping(keeping)
    session.end_keeping = keeping.end
    async with keeping.running():
        yield


async def _restart(
    session: HubSession, end: Callable[[], None], command: Sequence[str]
) -> "Rereading":
    from mdxdash.remote.handover.giving import hand_over  # noqa: PLC0415

    restart, session.restart = session.restart, _refuse_another  # one at a time
    try:
        found = await hand_over(session, command, _options(), reads_settings=True)
    finally:
        session.restart = restart
    _logger.info("another process has taken over the hub")
    asyncio.get_running_loop().call_later(_LAST_ANSWER, end)
    return found


async def _refuse_another(command: Sequence[str]) -> NoReturn:
    raise CannotHandOver(N_("another process is taking over the hub already"))


def _options() -> tuple[str, ...]:
    """Returns the options that let the new process log where this one does."""
    log_file = log_file_in_use()
    return () if log_file is None else ("--log-file", str(log_file))
