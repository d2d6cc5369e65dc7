"""A hub of a script, and what the library gives."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

import mdxdash
from tests.support.faces import session_in
from tests.support.hub_clients import raw_agent
from tests.support.programs import mdxdash as mdxdash_command
from tests.support.waiting import GUARD


async def test_no_agent_is_told_with_what_its_mdf_must_say() -> None:
    async with mdxdash.Hub(port=0) as hub:
        with pytest.raises(mdxdash.NoAgent, match=f"Plugin_Remote_Websocket_Port={hub.port}"):
            await hub.agent(timeout=0.05)


@pytest.mark.parametrize("target", ["left", "all", "=chat", "ch*", None])
async def test_an_agent_is_found_by_any_target(target: str | None) -> None:
    groups = {"left": ("chat", "chat-1")}
    async with (
        mdxdash.Hub(port=0, groups=groups) as hub,
        raw_agent(hub.server),
        asyncio.timeout(GUARD),
    ):
        assert (await hub.agent(target)).name == "chat"


async def test_a_group_is_not_met_by_an_agent_of_its_name() -> None:
    async with mdxdash.Hub(port=0, groups={"chat": ("left",)}) as hub, raw_agent(hub.server):
        await hub.agent(timeout=GUARD)
        with pytest.raises(mdxdash.NoAgent, match="no agent chat came"):
            await hub.agent("chat", timeout=0.05)


async def test_the_port_of_a_hub_that_runs_is_named_with_what_can_be_done(tmp_path: Path) -> None:
    async with session_in(tmp_path) as session:
        port = session.hub.port
        with pytest.raises(mdxdash.CannotListen, match=f"port {port} is that of the hub main,"):
            async with mdxdash.Hub(port=port):
                pass


async def test_run_names_the_hub_whose_port_it_wants(tmp_path: Path) -> None:
    macros = tmp_path / "macros.toml"
    macros.write_text('[[macro]]\nname = "A"\nsend = "B"\n', encoding="utf-8")
    async with session_in(tmp_path) as session:
        port = str(session.hub.port)
        done = await asyncio.to_thread(mdxdash_command, "run", macros, "--port", port)
    assert (done.returncode, "--hub main uses it" in done.stderr) == (2, True)


async def test_an_agent_is_found_by_name() -> None:
    async with asyncio.timeout(GUARD), mdxdash.Hub(port=0) as hub, raw_agent(hub.server):
        waiting = asyncio.create_task(hub.agent("chat-*"))
        async with raw_agent(hub.server, "/chat-room"):
            assert (await waiting).name == "chat-room"


async def test_a_test_that_fails_fails_as_itself() -> None:
    with pytest.raises(ZeroDivisionError):
        async with mdxdash.Hub(port=0):
            raise ZeroDivisionError


def test_importing_it_costs_no_textual_and_nothing_before_it_is_used() -> None:
    code = (
        "import sys, mdxdash; assert 'websockets' not in sys.modules; mdxdash.Hub; "
        "print([name for name in sys.modules if name.split('.')[0] in ('textual', 'rich')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_all_public_names_are_there() -> None:
    assert [name for name in mdxdash.__all__ if not hasattr(mdxdash, name)] == []
    assert sorted([*mdxdash.api.__all__, "__version__"]) == sorted(mdxdash.__all__)
