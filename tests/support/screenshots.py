"""Makes the pictures in `screenshots/` from the running app against the simulator, and those of a
dialogue from a real recording.

Japanese ones have `_ja` in their names.

`python -m tests.support.screenshots [NAME]…` writes all of them anew, or those of these names; look
at them before you commit them.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from mdxdash.cli.commands.open import recorded_session
from mdxdash.events.encoding import json_lines
from mdxdash.language.translation import use
from mdxdash.recordings.opening import open_recording
from mdxdash.settings.model import DialogueSettings, Settings
from mdxdash.simulator import Content, Simulator
from mdxdash.tui.dashboard.recorded import RecordedScreen
from mdxdash.tui.screens.comparing.two_sessions import TwoSessionsScreen
from tests.support.apps import dashboard_app
from tests.support.changed_dialogues import delayed, without
from tests.support.dashboards import Dashboard, running_dashboard
from tests.support.dialogues import recorded_events
from tests.support.picture_alignment import aligned
from tests.support.recorded import RECORDINGS

FOLDER = Path(__file__).parent.parent.parent / "screenshots"

MACROS = """\
[[macro]]
name = "Test message"
key = "1"
every = "2s"
send = "TEST_MESSAGE"

[[macro]]
name = "Greet"
key = "2"
send = ["MOTION_ADD|0|greet|greet.vmd|PART|ONCE", "SYNTH_START|0|mei_voice_normal|こんにちは"]

[[macro]]
name = "日本語で挨拶"
key = "3"
send = "SYNTH_START|0|mei_voice_normal|はじめまして、よろしくお願いします。"
"""


async def lived(dashboard: Dashboard) -> None:
    """Lets an agent live, a little faster than life, until there is something to see."""
    behavior = Content(speed=3.0)
    dashboard.agents.append(
        asyncio.create_task(Simulator(dashboard.hub.url, behavior=behavior).run())
    )
    await dashboard.press("1")
    await dashboard.until(lambda: dashboard.log.next_seq > 90)
    await dashboard.press("2")
    await dashboard.until(lambda: dashboard.log.next_seq > 100)
    await dashboard.pilot.pause(0.5)


def wanted(*names: str) -> bool:
    """Whether the command line names one of these pictures, or none."""
    return not sys.argv[1:] or bool(set(names) & set(sys.argv[1:]))


async def picture(dashboard: Dashboard, name: str) -> None:
    """Writes what the screen shows, when what comes of the last key is there."""
    await dashboard.pilot.pause(0.5)
    if wanted(name):
        svg = aligned(dashboard.app.export_screenshot())
        (FOLDER / f"{name}.svg").write_text(svg, encoding="utf-8")


async def main() -> None:
    """Every picture, one after the other."""
    if wanted("conversation", "timeline"):
        await pictures_of_the_views()
    if wanted("events_ja", "conversation_ja", "timeline_ja", "help_ja"):
        use("ja")
        await pictures_of_the_views("_ja", size=(100, 30))
        use("en")
    if wanted("compared"):
        await picture_of_two_sessions()
    if wanted("lost", "lost_agent", "watches"):
        await pictures_of_alerts()
    if wanted("event_small", "small", "find_small"):
        await pictures_of_a_small_terminal()
    if wanted("dashboard", "filter", "find", "completion", "signature", "refused", "help", "light"):
        await pictures_of_the_simulator()
    if wanted("waiting"):
        with tempfile.TemporaryDirectory() as folder:
            async with running_dashboard(Path(folder), size=(110, 24), macros=MACROS) as dashboard:
                await picture(dashboard, "waiting")


async def pictures_of_the_views(ending: str = "", size: tuple[int, int] = (150, 36)) -> None:
    """The views of the real dialogue."""
    async with recorded(RECORDINGS / "dialogue.jsonl", size) as dashboard:
        views = dashboard.panes.views
        await dashboard.press("g", *["down"] * 60)
        await picture(dashboard, f"events{ending}")
        await dashboard.press("C", "g", *["down"] * 13)
        await dashboard.until(lambda: views.conversation.complete)
        await picture(dashboard, f"conversation{ending}")
        await dashboard.press("T", "comma")
        await picture(dashboard, f"timeline{ending}")
        await dashboard.press("question_mark")
        await picture(dashboard, f"help{ending}")


async def picture_of_two_sessions() -> None:
    """The real dialogue, and a changed one beside it."""
    older = RECORDINGS / "dialogue.jsonl"
    with tempfile.TemporaryDirectory() as folder:
        newer = Path(folder) / "today.jsonl"
        events = delayed(
            without(recorded_events(older), {5, 11}), lambda turn: 0.3 if turn % 2 else 0.0
        )
        newer.write_bytes(b'{"format":"mdxdash","version":1}\n' + json_lines(events))
        async with recorded(newer) as dashboard:
            app = dashboard.app
            app.dashboard.comparison_control.compare_with(older)
            await dashboard.until(lambda: isinstance(app.screen, TwoSessionsScreen))
            await dashboard.pilot.pause(0.5)
            await dashboard.press("n")
            await picture(dashboard, "compared")


async def pictures_of_alerts() -> None:
    """An agent that is lost while it speaks, over a filter that hides it; counters."""
    with tempfile.TemporaryDirectory() as folder:
        async with running_dashboard(Path(folder), size=(120, 32), macros=MACROS) as dashboard:
            await dashboard.agent("/chat-1", Content(speed=2.0))
            await dashboard.agent("/chat", Content(speed=3.0))
            log = dashboard.log
            await dashboard.until(lambda: log.next_seq > 150)
            await dashboard.press("slash")
            await dashboard.type("type:RECOG_*")
            await dashboard.press("enter", "2")

            def speaks() -> bool:
                last = [log[seq] for seq in range(log.next_seq - 6, log.next_seq)]
                return any(
                    each.agent == "chat" and each.type == "SYNTH_EVENT_START" for each in last
                )

            await dashboard.until(speaks)
            dashboard.agents.pop().cancel()
            await dashboard.until(lambda: "1 lost" in dashboard.screen())
            await picture(dashboard, "lost")
            await dashboard.press("L")
            await picture(dashboard, "lost_agent")
            await dashboard.press("escape", "p", "tab")
            await dashboard.type("no type:SYNTH_EVENT_START within 5s")
            await dashboard.press("enter")
            await dashboard.pilot.pause(1.0)
            await dashboard.press("slash", "ctrl+u")
            await dashboard.type("type:SYNTH_START")
            await dashboard.press("enter", "p", "tab")
            await dashboard.type("above 30 a minute")
            await dashboard.press("enter")
            await dashboard.pilot.pause(2.0)
            await dashboard.press("p")
            await picture(dashboard, "watches")


async def pictures_of_a_small_terminal() -> None:
    """At 80×24."""
    with tempfile.TemporaryDirectory() as folder:
        async with running_dashboard(Path(folder), size=(80, 24), macros=MACROS) as dashboard:
            await lived(dashboard)
            await picture(dashboard, "small")
            stream = dashboard.panes.stream
            await dashboard.press("up")
            while stream.current is None or stream.current.type != "SYNTH_START":
                await dashboard.press("up")
            await dashboard.press("enter")
            await picture(dashboard, "event_small")
            await dashboard.press("escape", "end", "ctrl+f")
            await dashboard.type("/[ぁ-ん]+/")
            await picture(dashboard, "find_small")


@asynccontextmanager
async def recorded(path: Path, size: tuple[int, int] = (150, 36)) -> AsyncIterator[Dashboard]:
    """A dashboard on a recording, which was read."""
    settings = Settings(Path("mdxdash.toml"), dialogue=DialogueSettings(answer_within=0.2))
    context, hub = recorded_session(open_recording(path), settings)
    app = dashboard_app(context, RecordedScreen, hub=hub)
    async with app.run_test(size=size) as pilot:
        dashboard = Dashboard(app, pilot, hub, context.log)  # type: ignore[arg-type]
        await dashboard.mounted()
        await dashboard.until(lambda: hub.reading == "complete")
        yield dashboard


async def pictures_of_the_simulator() -> None:
    """Those of a living dashboard."""
    with tempfile.TemporaryDirectory() as folder:
        async with running_dashboard(Path(folder), macros=MACROS) as dashboard:
            await lived(dashboard)
            await picture(dashboard, "dashboard")
            await dashboard.press("question_mark")
            await picture(dashboard, "help")
            await dashboard.press("escape")
            dashboard.app.theme = "textual-light"
            await picture(dashboard, "light")
            dashboard.app.theme = "textual-dark"
            await dashboard.press("slash")
            await dashboard.type("type:RECOG_*,SYNTH_*")
            await dashboard.press("enter", "up")
            await picture(dashboard, "filter")
            await dashboard.press("greater_than_sign", "ctrl+f")
            await dashboard.type("event")
            await picture(dashboard, "find")
            await dashboard.press("escape", "less_than_sign", "c")
            await dashboard.type("SYN")
            await picture(dashboard, "completion")
            await dashboard.press("tab", "tab")
            await picture(dashboard, "signature")
            dashboard.panes.composer.input.value = "BUTTON_ADD|b|1|10,10|b.png|message HELLO|OFF"
            await dashboard.press("enter")
            await picture(dashboard, "refused")


if __name__ == "__main__":
    asyncio.run(main())
