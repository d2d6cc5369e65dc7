"""Makes the pictures in `screenshots/` from the running app against the simulator, and those of a
dialogue from a real recording.

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
from mdxdash.recordings.opening import open_recording
from mdxdash.settings.model import DialogueSettings, Settings
from mdxdash.simulator import Content, Simulator
from mdxdash.tui.apps.recorded_app import RecordedApp
from mdxdash.tui.screens.comparing.two_sessions import TwoSessionsScreen
from tests.support.changed_dialogues import delayed, without
from tests.support.dashboards import Dashboard, running_dashboard
from tests.support.dialogues import recorded_events
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


def picture(dashboard: Dashboard, name: str) -> None:
    if name in (sys.argv[1:] or [name]):
        dashboard.app.save_screenshot(f"{name}.svg", str(FOLDER))


async def main() -> None:
    """Every picture, one after the other."""
    await pictures_of_dialogues()
    if set(sys.argv[1:]) - {"conversation", "timeline", "compared"} or not sys.argv[1:]:
        await pictures_of_the_simulator()


async def pictures_of_dialogues() -> None:
    """The views of the real dialogue, and a changed one beside it."""
    older = RECORDINGS / "dialogue.jsonl"
    async with recorded(older) as dashboard:
        views = dashboard.app.views
        await dashboard.press("C", "g", *["down"] * 13)
        await dashboard.until(lambda: views.conversation.complete)
        await dashboard.pilot.pause(0.5)
        picture(dashboard, "conversation")
        await dashboard.press("T", "comma")
        await dashboard.pilot.pause(0.5)
        picture(dashboard, "timeline")
    with tempfile.TemporaryDirectory() as folder:
        newer = Path(folder) / "today.jsonl"
        events = delayed(
            without(recorded_events(older), {5, 11}), lambda turn: 0.3 if turn % 2 else 0.0
        )
        newer.write_bytes(b'{"format":"mdxdash","version":1}\n' + json_lines(events))
        async with recorded(newer) as dashboard:
            app = dashboard.app
            app.comparison_control.compare_with(older)
            await dashboard.until(lambda: isinstance(app.screen, TwoSessionsScreen))
            await dashboard.pilot.pause(0.5)
            await dashboard.press("n")
            await dashboard.pilot.pause(0.5)
            picture(dashboard, "compared")


@asynccontextmanager
async def recorded(path: Path, size: tuple[int, int] = (150, 36)) -> AsyncIterator[Dashboard]:
    """A dashboard on a recording, which was read."""
    settings = Settings(Path("mdxdash.toml"), dialogue=DialogueSettings(answer_within=0.2))
    context, hub = recorded_session(open_recording(path), settings)
    app = RecordedApp(context, hub)
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
            picture(dashboard, "dashboard")
            await dashboard.press("slash")
            await dashboard.type("type:RECOG_*,SYNTH_*")
            await dashboard.press("enter", "up")
            await dashboard.pilot.pause(0.5)
            picture(dashboard, "filter")
            await dashboard.press("greater_than_sign", "ctrl+f")
            await dashboard.type("event")
            await dashboard.pilot.pause(0.5)
            picture(dashboard, "find")
            await dashboard.press("escape", "less_than_sign", "c")
            await dashboard.type("SYN")
            await dashboard.pilot.pause(0.3)
            picture(dashboard, "completion")
            await dashboard.press("tab", "tab")
            await dashboard.pilot.pause(0.3)
            picture(dashboard, "signature")
            dashboard.app.composer.input.value = "BUTTON_ADD|b|1|10,10|b.png|message HELLO|OFF"
            await dashboard.press("enter")
            await dashboard.pilot.pause(0.3)
            picture(dashboard, "refused")
        async with running_dashboard(Path(folder), size=(80, 24), macros=MACROS) as dashboard:
            await lived(dashboard)
            picture(dashboard, "small")
            await dashboard.press("ctrl+f")
            await dashboard.type("/[ぁ-ん]+/")
            await dashboard.pilot.pause(0.5)
            picture(dashboard, "find_small")
        async with running_dashboard(Path(folder), size=(110, 24), macros=MACROS) as dashboard:
            await dashboard.pilot.pause(0.5)
            picture(dashboard, "waiting")


if __name__ == "__main__":
    asyncio.run(main())
