"""What a command without a screen reports of its macros."""

import asyncio
from pathlib import Path

from mdxdash.cli.hosting.background_macros import failures_reported
from mdxdash.events.log import EventLog
from mdxdash.hub.server import HubServer
from mdxdash.macros.files.watched_file import MacroFile
from mdxdash.remote.session_macros import SessionMacros, SwitchedOn
from mdxdash.settings.tables.hub_section import HubSettings
from tests.support.hub_clients import raw_agent
from tests.support.waiting import GUARD

TEXT = """\
[[macro]]
name = "Fail"
on = "type:ASK"
steps = [{ send = "MOTION_DELETE|0" }, { wait = "type:NEVER", timeout = "10ms" }]
"""


async def test_a_run_that_fails_and_a_doubtful_command_are_reported(tmp_path: Path) -> None:
    path = tmp_path / "mdxdash.toml"
    path.write_text(TEXT, encoding="utf-8")
    file = MacroFile(path)
    file.refresh()
    log, reports = EventLog(), list[str]()
    hub = HubServer(HubSettings(port=0), log)
    macros = SessionMacros(hub, log, file, SwitchedOn())
    async with asyncio.timeout(GUARD), hub, macros.running(), raw_agent(hub) as agent:
        with failures_reported(macros.runner, reports.append, checks=True):
            await agent.send("ASK\n")
            while len(reports) < 2:
                await asyncio.sleep(0.01)
    assert 'macro "Fail": MOTION_DELETE|0: H404' in reports[0]
    assert reports[1].startswith("macro Fail on chat: step 2: wait type:NEVER (10ms): nothing ")
