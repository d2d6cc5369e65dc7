"""The agents pane."""

import re
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import InvalidStatus

from mdxdash.hub.traffic.speech_state import SpeechState
from mdxdash.tui.panes.agents import speech_parts
from mdxdash.wire.message import Message
from tests.support.dashboards import running_dashboard
from tests.support.upstream_servers import user_server


async def test_several_agents_have_letters_in_their_pane_and_in_the_stream(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.issue(await dashboard.agent(), "ALONE")
        await dashboard.until(lambda: "← chat" in dashboard.screen())
        await dashboard.issue(await dashboard.agent("/chat-1"), "SECOND")
        await dashboard.until(lambda: "← A chat   ALONE" in dashboard.screen())
        await dashboard.until(lambda: "← B chat-1 SECOND" in dashboard.screen())
        await dashboard.until(lambda: "● B chat-1" in dashboard.screen())


async def test_a_wrong_path_is_named_with_the_line_of_the_mdf_to_change(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        for _ in range(3):
            with pytest.raises(InvalidStatus):
                async with connect(f"ws://localhost:{dashboard.hub.port}/wrong"):
                    pass
        for text in (
            "refused: dials /wrong (3 ×)",
            "expected /chat: change its .mdf",
            " was refused 3 times: it dials /wrong, expected /chat.",
            "Change this line in its .mdf: Plugin_Remote_Websocket_Directory=/chat",
        ):
            await dashboard.until(lambda text=text: text in dashboard.screen())
        await dashboard.agent()
        await dashboard.until(lambda: "dials /wrong" not in dashboard.screen())


async def test_the_rate_of_each_agent_is_shown(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        quiet, busy = await dashboard.agent("/chat-1"), await dashboard.agent()
        await dashboard.issue(quiet, "ONCE")

        def rate() -> bool:
            busy.issue("AGAIN")
            return bool(re.search(r"← [\d,]+  → 0  \d+/s", dashboard.screen()))

        await dashboard.until(rate)


async def test_behind_a_relay_the_ways_differ_and_the_state_of_the_server_is_shown(tmp_path: Path):
    async def greet(connection: ServerConnection) -> None:
        await connection.send("FROM_SERVER\n")

    async with (
        user_server(greet) as server,
        running_dashboard(tmp_path, relay=server.url) as dashboard,
    ):
        agent = await dashboard.agent()
        await dashboard.until(lambda: "⇄ server" in dashboard.screen())
        await dashboard.issue(agent, "FROM_AGENT")
        dashboard.hub.send(Message("FROM_HERE"))
        for row in ("⇐ chat FROM_AGENT", "⇒ chat FROM_SERVER", "→ chat FROM_HERE", "◆ chat server"):
            await dashboard.until(lambda row=row: row in dashboard.screen())
        await server.kill()
        await dashboard.until(lambda: "⇄ server down" in dashboard.screen())


def test_what_an_agent_speaks_is_a_bar_with_seconds() -> None:
    def shown(speech: SpeechState) -> str:
        return "".join(part.text for part in speech_parts(speech))

    half = SpeechState("0", "greet.wav", 1.5, 3.0, 0.3, 0.5, late=1, waiting=2)
    assert shown(half) == "  ♪ ━━━━──── 1.5/3.0 s  1 late ▆ 0: greet.wav  0.3 s ahead  2 waiting"
    unknown = SpeechState("0", "\x1b[31m", 1.5, None, 0.3)
    assert shown(unknown).startswith("  ♪ 1.5 s ▁ 0: ")
    assert "\x1b" not in shown(unknown)
