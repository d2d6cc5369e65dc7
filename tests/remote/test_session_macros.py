"""Which macros of a session are on, and what a change of their file does."""

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from mdxdash.events.log import EventLog
from mdxdash.hub.server import HubServer
from mdxdash.macros.files.watched_file import MacroFile
from mdxdash.remote import session_macros
from mdxdash.remote.session_macros import WHEN_CONNECTED, SessionMacros, SwitchedOn
from mdxdash.settings.tables.hub_section import HubSettings
from mdxdash.settings.toml_source import TomlSource
from tests.support.hub_clients import raw_agent
from tests.support.waiting import GUARD, eventually, logged

TEXT = """\
[[macro]]
name = "Greet"
send = "GREET"
[[macro]]
name = "Beat"
every = "1h"
send = "BEAT"
[[macro]]
name = "Reply"
on = "type:ASK"
send = "REPLY"
[[macro]]
name = "Other"
on = "type:OTHER"
send = "OTHER"
"""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(session_macros, "FILE_INTERVAL", 0.01)
    path = tmp_path / "mdxdash.toml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def macros_of(
    path: Path, switched_on: SwitchedOn, trusts: Callable[[TomlSource], bool] = lambda source: True
) -> tuple[HubServer, SessionMacros]:
    file = MacroFile(path, trusts)
    file.refresh()
    log = EventLog()
    hub = HubServer(HubSettings(port=0), log)
    return hub, SessionMacros(hub, log, file, switched_on)


def on(macros: SessionMacros) -> set[str]:
    return {macro.name for macro in macros.runner.macros if macros.runner.is_on(macro)}


@pytest.mark.parametrize(
    ("switched_on", "expected"),
    [
        (SwitchedOn(), {"Reply", "Other"}),
        (SwitchedOn(triggers=False), set()),
        (SwitchedOn(triggers=False, named=frozenset({"Greet", "Beat"})), {"Greet", "Beat"}),
        (SwitchedOn(named=frozenset({"Beat", "Reply"})), {"Beat", "Reply", "Other"}),
    ],
)
async def test_triggers_and_named_macros_are_on(
    path: Path, switched_on: SwitchedOn, expected: set[str]
) -> None:
    _, macros = macros_of(path, switched_on)
    assert on(macros) == expected


async def test_a_named_macro_without_every_and_on_runs_when_an_agent_connects(path: Path) -> None:
    hub, macros = macros_of(path, SwitchedOn(named=frozenset({"Greet"})))
    greet = macros.runner.find("Greet")
    assert greet is not None and greet.on == WHEN_CONNECTED
    async with hub, macros.running(), raw_agent(hub) as agent:
        assert await asyncio.wait_for(agent.recv(decode=False), GUARD) == b"GREET\n"


async def test_a_changed_macro_is_on_as_the_one_before(path: Path) -> None:
    hub, macros = macros_of(path, SwitchedOn(triggers=False, named=frozenset({"Reply", "Beat"})))
    async with hub, macros.running():
        other = macros.runner.find("Other")
        assert other is not None
        macros.runner.trigger(other)  # by a person
        text = TEXT.replace("REPLY", "ANSWER").replace("1h", "2h").replace("GREET", "HELLO")
        path.write_text(text + '[[macro]]\nname = "New"\non = "type:N"\nsend = "N"\n')
        await eventually(lambda: macros.runner.find("New"))
        assert on(macros) == {"Reply", "Beat", "Other"}


async def test_named_macros_of_a_file_without_trust_are_on_until_it_changes(path: Path) -> None:
    trusted = hashlib.sha256(b"").hexdigest()
    hub, macros = macros_of(
        path,
        SwitchedOn(named=frozenset({"Reply"})),
        lambda source: hashlib.sha256(source.text.encode()).hexdigest() == trusted,
    )
    assert on(macros) == {"Reply"}
    async with hub, macros.running():
        path.write_text(TEXT.replace("REPLY", "PLUGIN_DISABLE|Remote"), encoding="utf-8")
        await eventually(lambda: not on(macros))
    assert macros.runner.waiting_for_trust == {"Reply", "Other"}


async def test_a_run_that_takes_time_has_a_begin_and_an_end_in_the_log(path: Path) -> None:
    path.write_text(
        '[[macro]]\nname = "Ask"\nsteps = [{ wait = "type:ANSWER" }]\n'
        '[[macro]]\nname = "Greet"\nsend = "GREET"\n',
        encoding="utf-8",
    )
    hub, macros = macros_of(path, SwitchedOn())
    log = macros.log
    async with hub, macros.running(), raw_agent(hub) as agent:
        greet, ask = (
            next(m for m in macros.runner.macros if m.name == n) for n in ("Greet", "Ask")
        )
        macros.runner.fire(greet)
        macros.runner.fire(ask)
        await logged(log, lambda event: event.level == "start")
        await agent.send("ANSWER\n")
        await logged(log, lambda event: event.level == "end")
    found = [event for event in log if event.level]
    assert [(event.level, event.args, event.by) for event in found] == [
        ("start", "Ask|2", "macro"),
        ("end", "Ask|2", "macro"),
    ]
    assert found[1].text.startswith("macro Ask passed after ")
