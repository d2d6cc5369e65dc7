"""What would harm an agent, typed and pasted into the real dashboard, with the agent's model at the
other end: it goes on, and the screen says what became of each line."""

import asyncio
import sys
from pathlib import Path

from textual.events import Paste

from tests.support.dashboards import Dashboard, running_dashboard


async def compose(dashboard: Dashboard, line: str) -> None:
    await dashboard.press("f2")
    dashboard.panes.composer.input.value = line
    await dashboard.press("enter")


def sent(dashboard: Dashboard) -> list[str]:
    return [f"{e.type}|{e.args}" if e.args else e.type for e in dashboard.log if e.kind == "sent"]


def alive(dashboard: Dashboard) -> bool:
    return not any(task.done() for task in dashboard.agents)


async def test_nothing_that_is_typed_harms_the_agent_and_each_line_is_accounted_for(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        for line, code in (("A|" + "x" * 5000, "W104"), ("A|\x00", "W102")):
            await compose(dashboard, line)
            await dashboard.until(lambda code=code: code in dashboard.screen())
        for line in ("START", "SNDFOO|x"):
            await compose(dashboard, line)
            await dashboard.until(lambda line=line: f"sent {line}" in dashboard.screen())
        await dashboard.until(
            lambda: sum(event.round_trip is not None for event in dashboard.log) == 2 * 2
        )
        assert sent(dashboard) == ["START", "SNDFOO|x"]
        refused = [event.text[:4] for event in dashboard.log if event.kind == "refused"]
        assert refused == ["W104", "W102"]
        assert alive(dashboard)


async def test_five_hundred_pasted_lines_stop_at_the_first_that_cannot_be_sent(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await dashboard.press("c")
        lines = [f"NUMBER|{n}" for n in range(500)]
        lines[300] = "|no type"
        dashboard.panes.composer.input.post_message(Paste("\r".join(lines)))
        await dashboard.until(lambda: dashboard.panes.composer.area.has_focus)
        await dashboard.press("f9")
        await dashboard.until(lambda: "300 sent; W105" in dashboard.screen())
        await dashboard.until(lambda: sum(e.echo is not None for e in dashboard.log) == 300)
        assert sent(dashboard) == lines[:300]
        assert dashboard.panes.composer.lines == lines[300:]
        assert alive(dashboard)


async def test_markup_in_names_and_texts_of_others_is_plain_text(tmp_path: Path):
    macros = '[[macro]]\nname = "[/b] macro"\nkey = "1"\nsend = "A|[/red]"\n'
    async with running_dashboard(tmp_path, macros=macros) as dashboard:
        await dashboard.press("1")
        agent = await dashboard.agent("/chat-1")
        await dashboard.issue(agent, "T[/x]|[bold]1")
        await dashboard.press("up", "e")
        await dashboard.press("c", "ctrl+t")
        await dashboard.until(lambda: "Compose → chat-1" in dashboard.screen())
        await dashboard.press("escape", "ctrl+p", *"fire")
        await dashboard.until(lambda: "Fire [/b] macro" in dashboard.screen())
        await dashboard.press("escape", "escape")
        assert dashboard.app.is_running


async def test_keys_are_answered_while_a_hundred_thousand_messages_come(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        flood = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.support.flood", dashboard.hub.url, "100000", "20000"),
            cwd=Path(__file__).parent.parent.parent,
            stdout=asyncio.subprocess.DEVNULL,
        )
        over = asyncio.create_task(flood.wait())
        await dashboard.until(lambda: dashboard.log.counts["FLOOD"] > 0)
        answered = 0
        while not over.done():
            before = dashboard.panes.stream.following
            await dashboard.press("space")
            await dashboard.until(lambda before=before: dashboard.panes.stream.following != before)
            answered += 1
        assert dashboard.log.counts["FLOOD"] == 100_000
        assert answered > 1
