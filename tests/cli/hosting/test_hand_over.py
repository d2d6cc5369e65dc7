"""A hub is handed over once at a time."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from mdxdash.cli.hosting.hand_over import allow_restart
from mdxdash.hub.adoption import CannotHandOver
from mdxdash.remote.handover import giving
from mdxdash.remote.hub_session import HubSession


async def test_a_second_restart_is_told_of_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, refusal = asyncio.Event(), asyncio.Event()

    async def hand_over(*arguments: Any, **options: Any) -> None:
        begun.set()
        await refusal.wait()
        raise CannotHandOver("no room")

    monkeypatch.setattr(giving, "hand_over", hand_over)
    session = cast(HubSession, SimpleNamespace(restart=None))
    allow_restart(session)
    assert session.restart is not None
    first = asyncio.ensure_future(session.restart(()))
    await begun.wait()
    with pytest.raises(CannotHandOver, match="is taking over the hub already"):
        await session.restart(())
    refusal.set()
    with pytest.raises(CannotHandOver, match="no room"):
        await first
    with pytest.raises(CannotHandOver, match="no room"):  # it can be tried again
        await session.restart(())
