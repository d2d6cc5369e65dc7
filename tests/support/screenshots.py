"""Makes the pictures in `screenshots/` from the running app against the simulator.

`python -m tests.support.screenshots` writes them anew; look at them before you commit them.
"""

import asyncio
import tempfile
from pathlib import Path

from mdxdash.simulator import Content, Simulator
from tests.support.dashboards import Dashboard, running_dashboard

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
    dashboard.app.save_screenshot(f"{name}.svg", str(FOLDER))


async def main() -> None:
    """Every picture, one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        async with running_dashboard(Path(folder), macros=MACROS) as dashboard:
            await lived(dashboard)
            picture(dashboard, "dashboard")
            await dashboard.press("slash")
            await dashboard.type("type:RECOG_*,SYNTH_*")
            await dashboard.press("enter", "up")
            await dashboard.pilot.pause(0.5)
            picture(dashboard, "filter")
            await dashboard.press("c")
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
        async with running_dashboard(Path(folder), size=(110, 24), macros=MACROS) as dashboard:
            await dashboard.pilot.pause(0.5)
            picture(dashboard, "waiting")


if __name__ == "__main__":
    asyncio.run(main())
