"""A session: what is recorded, read back, and run, as long as it is entered."""

import asyncio
import shlex
import sys
from pathlib import Path

import pytest

from mdxdash.hub.address import CannotListen
from mdxdash.macros.files.watched_file import MacroFile
from mdxdash.remote.hub_session import HubSession
from mdxdash.settings.resolution import resolve
from tests.support.faces import session_in
from tests.support.hub_clients import raw_agent
from tests.support.waiting import logged


async def test_what_agents_send_is_recorded_and_can_be_read_when_memory_has_it_no_more(
    tmp_path: Path,
) -> None:
    session = session_in(tmp_path, log_events=1)
    async with session, raw_agent(session.hub) as agent:
        for number in range(5):
            await agent.send(f"A|{number}\n")
        last = await logged(session.log, lambda event: event.args == "4")
    assert session.older is not None
    found = session.older(last.seq - 4, last.seq + 1)
    assert [event.args for event in found] == ["0", "1", "2", "3", "4"]
    assert session.log.first_seq > last.seq - 4
    assert not session.warning


async def test_an_answer_over_the_limit_is_a_fault_in_the_recording(tmp_path: Path) -> None:
    session = session_in(tmp_path, dialogue_answer_within="1ms")
    async with session, raw_agent(session.hub) as agent:
        await agent.send("RECOG_EVENT_STOP|hello\n")
        await logged(session.log, lambda event: event.type == "RECOG_EVENT_STOP")
        await asyncio.sleep(0.02)  # longer than the limit
        await agent.send("SYNTH_EVENT_START|0\n")
        late = await logged(session.log, lambda event: event.kind == "fault")
    assert late.text.startswith(("the answer took ", "no answer to the user's words"))


async def test_macros_run_while_it_is_entered(tmp_path: Path) -> None:
    text = '[[macro]]\nname = "Reply"\non = "type:ASK"\nsend = "REPLY"\n'
    (tmp_path / "mdxdash.toml").write_text(text, encoding="utf-8")
    session = session_in(tmp_path)
    async with session, raw_agent(session.hub) as agent:
        await agent.send("ASK\n")
        assert await agent.recv(decode=False) == b"REPLY\n"
        assert session.runner.started.is_set()
    assert not session.runner.started.is_set()


async def test_the_recording_ends_when_the_hub_cannot_listen(tmp_path: Path) -> None:
    async with session_in(tmp_path) as first:
        second = session_in(tmp_path / "b", port=first.hub.port)
        with pytest.raises(CannotListen):
            await second.__aenter__()
        assert second.journal is not None
        assert not second.journal.path.exists()


async def test_nothing_is_recorded_unless_the_settings_say_so(tmp_path: Path) -> None:
    settings = resolve({"port": 0, "recording_enabled": False}, {}, None, tmp_path)
    session = HubSession(settings, MacroFile(settings.file))
    assert (session.recording, session.older, session.warning) == ("not recording", None, "")


async def test_a_hub_without_a_control_socket_works_and_says_so_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setattr(
        "mdxdash.remote.control_folder.control_folder", lambda: tmp_path / "file" / "mdxdash"
    )
    async with session_in(tmp_path) as session, raw_agent(session.hub):
        assert session.name == ""
        (news,) = session.take_news()
        assert news.startswith("other processes cannot attach to this hub: ")
        assert not session.take_news()


async def test_the_command_for_alerts_is_started_where_the_hub_runs(tmp_path: Path) -> None:
    told = tmp_path / "told.json"
    script = tmp_path / "notify.py"
    script.write_text(
        f"import sys\nopen({str(told)!r}, 'w', encoding='utf-8').write(sys.stdin.read())\n",
        encoding="utf-8",
    )
    run = shlex.join([sys.executable, str(script)])
    async with session_in(tmp_path, alerts_run=run) as session:
        session.log.append("fault", "chat", text="look here")
        while not (told.exists() and told.read_text(encoding="utf-8")):
            await asyncio.sleep(0.01)
    assert '"look here"' in told.read_text(encoding="utf-8")


async def test_watches_go_on_counting_in_another_process(tmp_path: Path) -> None:
    (tmp_path / "mdxdash.toml").write_text(
        '[[watch]]\nname = "W"\non = "type:A"\nalarm = "first"\n', encoding="utf-8"
    )
    async with session_in(tmp_path) as session:
        session.log.append("received", "chat", "A")
        left = session.watches.snapshot()
    other = session_in(tmp_path)
    other.watches.restore(left)
    async with other:
        other.log.append("received", "chat", "A")
        await asyncio.sleep(0)
        assert [(state.count, state.alarms) for state in other.watches.states] == [(2, 1)]


async def test_an_error_in_a_watch_is_a_lasting_warning_until_it_is_mended(tmp_path: Path) -> None:
    file = tmp_path / "mdxdash.toml"
    file.write_text('[[watch]]\nname = "W"\n', encoding="utf-8")
    session = session_in(tmp_path)
    assert "watch 1: `on` is missing" in session.warning
    file.write_text('[[watch]]\nname = "W"\non = "type:A"\n', encoding="utf-8")
    session.watches.file.refresh()
    assert not session.warning
    assert [state.name for state in session.watches.states] == ["W"]
