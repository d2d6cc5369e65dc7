"""Real faces at a real control socket: what they are sent, ask for, and cannot do."""

import asyncio
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from mdxdash.remote import control_server, control_socket
from mdxdash.remote.faces import attached_faces
from mdxdash.remote.faces import face as face_module
from mdxdash.remote.faces.attached_faces import MOST_CONNECTIONS, MOST_FACES
from mdxdash.remote.faces.link import WAITING_BYTES
from tests.support.faces import RawFace, connected, face, runtime_folder, session_in
from tests.support.hub_clients import raw_agent, received
from tests.support.waiting import GUARD, eventually, logged

MACROS = """\
[[macro]]
name = "Greet"
send = "HELLO|{who}"
params = { who = "you" }
[[macro]]
name = "Wait"
steps = [{ send = "A" }, { wait = "type:NEVER", timeout = "1h" }]
[[macro]]
name = "Reply"
on = "type:ASK"
send = "REPLY"
"""


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with runtime_folder(monkeypatch):
        yield


async def test_a_face_is_sent_what_there_was_and_what_comes(tmp_path: Path) -> None:
    async with session_in(tmp_path) as session, raw_agent(session.hub) as agent:
        await agent.send("A|1\nA|2\nA|3\n")
        last = (await received(session.log, 3))[-1].seq
        async with face(tail=2) as one:
            welcome = await one.notice("welcome")
            assert (welcome["name"], welcome["url"]) == ("main", session.hub.url)
            assert (welcome["first_sent"], welcome["next_seq"]) == (last - 1, last + 1)
            assert (welcome["counts"], welcome["pid"]) == ({"A": 3}, os.getpid())
            await agent.send("A|4\n")
            await one.event(args="4")
            assert [event["args"] for event in one.events] == ["2", "3", "4"]
            assert [event["seq"] for event in one.events] == [last - 1, last, last + 1]


async def test_a_face_that_had_a_connection_before_goes_on_after_its_last_event(
    tmp_path: Path,
) -> None:
    async with session_in(tmp_path) as session, raw_agent(session.hub) as agent:
        await agent.send("A|1\nA|2\nA|3\n")
        second = (await received(session.log, 3))[1].seq
        async with face(after=second) as one:
            assert (await one.event())["args"] == "3"


async def test_agents_macros_and_state_are_told_when_they_change(tmp_path: Path) -> None:
    async with session_in(tmp_path, macros=MACROS) as session, face() as one:
        assert (await one.notice("agents"))["agents"] == []
        macros = await one.notice("macros")
        assert 'name = "Greet"' in macros["toml"]
        assert macros["tallies"]["Reply"]["on"]
        assert (await one.notice("state"))["faces"] == ["attach"]
        async with raw_agent(session.hub) as agent:
            (state,) = (await one.notice("agents"))["agents"]
            assert (state["name"], state["state"]) == ("chat", "connected")
            await agent.send("ASK\n")
            run = await one.notice("run", state="passed")
            assert (run["run"], run["macro"], run["agent"]) == (1, "Reply", "chat")
            assert run["trigger"] and run["steps"][0]["text"]
            latest = [line for line in one.lines if line.get("is") == "macros"][-1]
            assert latest["tallies"]["Reply"]["passed"] == 1


async def test_what_an_agent_has_announced_is_told_at_the_beginning(tmp_path: Path) -> None:
    async with session_in(tmp_path) as session, raw_agent(session.hub) as agent:
        await agent.send("MODEL_EVENT_ADD|mei\n")
        (event,) = await received(session.log, 1)
        async with face(tail=0) as one:
            announced = await one.notice("announced")
            assert announced["seq"] == event.seq + 1
            assert (announced["agent"], announced["known"]["names"]) == ("chat", {"model": ["mei"]})


async def test_an_echo_and_a_mark_change_an_event_that_was_sent(tmp_path: Path) -> None:
    async with session_in(tmp_path) as session, raw_agent(session.hub) as agent, face() as one:
        answer = await one.ask("send", line="HELLO|1")
        assert answer["delivery"]["agents"] == ["chat"]
        sent = await one.event(type="HELLO")
        assert (sent["by"], sent["kind"]) == ("attach", "sent")
        await agent.send("HELLO|1\n")
        assert (await one.notice("changed", seq=sent["seq"]))["round_trip"] > 0
        async with face(face="web") as other:
            await other.notice("welcome")
            one.say(do="mark", seq=sent["seq"])
            for each in (one, other):
                assert (await each.notice("marked", seq=sent["seq"]))["on"]
        async with face() as third:
            assert (await third.notice("welcome"))["marked"] == [sent["seq"]]


async def test_a_message_is_checked_by_the_hub(tmp_path: Path) -> None:
    async with session_in(tmp_path) as session, raw_agent(session.hub) as agent, face() as one:
        assert (await one.ask("send", line="PLUGIN_DISABLE|Remote"))["delivery"]["asked"]
        assert "W101" in (await one.ask("send", line=""))["delivery"]["refused"][0]
        answer = await one.ask("send", line="PLUGIN_DISABLE|Remote", sure=True, to="chat*")
        assert answer["delivery"]["agents"] == ["chat"]
        assert await agent.recv(decode=False) == b"PLUGIN_DISABLE|Remote\n"


async def test_macros_are_fired_switched_and_stopped(tmp_path: Path) -> None:
    async with session_in(tmp_path, macros=MACROS) as session, raw_agent(session.hub) as agent:
        async with face() as one:
            answer = await one.ask("fire", macro="Greet", params={"who": "mei"})
            assert (answer["runs"], answer["outcome"]) == ([1], "started")
            assert await agent.recv(decode=False) == b"HELLO|mei\n"
            assert (await one.ask("switch", macro="Reply"))["outcome"] == "off"
            assert (await one.ask("switch", macro="Reply"))["outcome"] == "on"
            (run,) = (await one.ask("switch", macro="Wait"))["runs"]
            assert "error" not in await one.ask("stop-macros", run=run)
            await one.notice("run", run=run, state="stopped")
            assert (await one.ask("stop-macros"))["outcome"] == "1 stopped"
            for values in ({"macro": "None"}, {"macro": "Greet", "params": {"what": ""}}):
                assert (await one.ask("fire", **values))["error"]
            assert (await one.ask("stop-macros", run=99))["error"] == "there is no run 99"


async def test_events_are_read_from_memory_and_from_the_recording(tmp_path: Path) -> None:
    async with session_in(tmp_path, log_events=1) as session, raw_agent(session.hub) as agent:
        await agent.send("".join(f"A|{number}\n" for number in range(50)))
        last = (await received(session.log, 50))[-1].seq
        await eventually(lambda: session.journal and session.journal.recorded >= last)
        assert session.log.first_seq > last - 10
        async with face(events=False) as one:
            answer = await one.ask("read", start=last - 19, stop=last + 1)
            assert [event["args"] for event in answer["events"]] == [*map(str, range(30, 50))]
        async with face(tail=30) as two:
            await two.event(args="49")
            assert [event["args"] for event in two.events] == [*map(str, range(20, 50))]


async def test_what_nobody_has_any_more_is_told(tmp_path: Path) -> None:
    session = session_in(tmp_path, log_events=1, recording_enabled=False)
    async with session, raw_agent(session.hub) as agent:
        await agent.send("A|1\nA|2\nA|3\nA|4\n")
        await logged(session.log, lambda event: event.args == "4")
        first = session.log.first_seq
        assert first > 1
        async with face(after=0) as one:
            behind = await one.notice("behind")
            assert (behind["first"], behind["last"]) == (1, first - 1)
            assert (await one.event())["seq"] == first


async def test_the_whole_state_is_an_answer(tmp_path: Path) -> None:
    async with session_in(tmp_path, macros=MACROS) as session, raw_agent(session.hub):
        async with face(face="status", events=False) as one:
            state = (await one.ask("status"))["state"]
            assert state["welcome"]["url"] == session.hub.url
            assert [agent["name"] for agent in state["agents"]] == ["chat"]
            assert set(state["macros"]) == {"Greet", "Wait", "Reply"}


async def test_a_hub_with_agents_ends_only_if_the_face_is_sure(tmp_path: Path) -> None:
    async with session_in(tmp_path) as session, raw_agent(session.hub):
        async with face(events=False) as one:
            assert "chat" in (await one.ask("stop-hub"))["error"]
            assert not session.stop_wanted.is_set()
            assert "error" not in await one.ask("stop-hub", sure=True)
            assert session.stop_wanted.is_set()
            await one.ask("release")
            assert session.released.is_set()


async def test_a_read_only_face_looks_and_changes_nothing(tmp_path: Path) -> None:
    async with session_in(tmp_path, macros=MACROS, secret="x" * 20) as session:
        async with face(read_only=True) as one:
            welcome = await one.notice("welcome")
            assert welcome["read_only"] and "full_mdf_lines" not in welcome
            for do, values in (
                ("send", {"line": "A"}),
                ("fire", {"macro": "Greet"}),
                ("switch", {"macro": "Reply"}),
                ("stop-macros", {}),
                ("stop-hub", {"sure": True}),
                ("release", {}),
            ):
                assert "read-only" in (await one.ask(do, **values))["error"]
            one.say(do="mark", seq=1)
            assert (await one.ask("status"))["state"]["welcome"]["name"] == "main"
            assert "events" not in await one.ask("read", start=1, stop=2)
        assert session.runner.is_on(session.runner.macros[2])
        assert not session.log.marked


# Attackers


async def last_words(raw: RawFace) -> str:
    """Why the hub ended the connection."""
    reason = ""
    while (line := await raw.line()) is not None:
        reason = line.get("error", reason)
    return reason


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"GET / HTTP/1.1\r\n", "no face of mdxdash"),
        (b'{"do": "attach"}\n', "no face of mdxdash"),
        (b'{"do": "status", "id": 1}\n', "the first line"),
        (b'{"do": "attach", "protocol": 99, "face": "attach"}\n', "protocol 99 is not known"),
        (b'{"do": "attach", "protocol": 1, "face": "\\u001b[31m"}\n', "letters a to z"),
        (b"[" * 100_000 + b"\n", "no face of mdxdash"),
        (b"x" * (2**20 + 1), "more than 1,048,576 bytes"),
    ],
)
async def test_who_speaks_something_else_is_told_and_cut(
    tmp_path: Path, line: bytes, reason: str
) -> None:
    async with session_in(tmp_path), connected() as raw:
        raw.writer.write(line)
        assert reason in await last_words(raw)


async def test_who_says_nothing_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face_module, "ATTACH_WITHIN", 0.01)
    async with session_in(tmp_path), connected() as raw:
        assert "did not attach" in await last_words(raw)


async def test_garbage_of_a_face_is_answered(tmp_path: Path) -> None:
    async with session_in(tmp_path), face() as one:
        one.writer.write(b'{"do": "send"}\n\xff\xfe\n{"do": "x"}\n')
        for _ in range(3):
            assert "no request" in (await one.notice("answer"))["error"]


async def test_another_user_gets_in_neither_by_the_mode_nor_by_his_credentials(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with session_in(tmp_path):
        path = control_socket.hub_address("main").path
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
        monkeypatch.setattr(control_server, "peer_uid", lambda connection: os.geteuid() + 1)
        async with face() as one:
            assert await one.line() is None


@pytest.mark.skipif(not hasattr(socket, "SO_PEERCRED"), reason="Linux tells who a peer is")
async def test_a_real_process_of_another_user_is_refused(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    async with session_in(tmp_path):
        path = control_socket.hub_address("main").path
        # As if a person had opened everything up.
        for each in (path, path.parent, path.parent.parent):
            each.chmod(0o777)
        program = (
            "import os, socket, sys; os.setuid(65534); s = socket.socket(socket.AF_UNIX);"
            "s.connect(sys.argv[1]); s.sendall(sys.argv[2].encode()); print(s.recv(99))"
        )
        line = '{"do":"attach","protocol":1,"face":"attach"}\n'
        process = await asyncio.create_subprocess_exec(
            "python3",
            "-c",
            program,
            str(path),
            line,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        output, errors = await asyncio.wait_for(process.communicate(), GUARD)
        assert b"welcome" not in output, (output, errors)
        assert output == b"b''\n" or b"Connection" in errors or b"Broken" in errors


async def test_a_wrong_token_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control_socket, "_uses_ports", lambda: True)
    async with session_in(tmp_path):
        address = control_socket.hub_address("main")
        assert address.path.stat().st_mode & 0o777 == 0o600
        assert len(address.token) >= 32 and address.token not in repr(address)
        for token in ("", "wrong", "日本"):
            async with face(token=token) as one:
                assert await last_words(one) == "the token is wrong"
        async with face(token=address.token) as one:
            assert (await one.notice("welcome"))["name"] == "main"


async def test_a_face_that_floods_is_read_slowly_and_agents_notice_nothing(tmp_path: Path) -> None:
    async with session_in(tmp_path) as session, raw_agent(session.hub) as agent:
        async with face() as flooder, face(tail=0) as other:
            line = b'{"do":"status","id":1}\n'
            writing = asyncio.create_task(_flood(flooder.writer, line))
            await flooder.notice("answer")
            for number in range(20):
                await agent.send(f"A|{number}\n")
                assert (await other.event(type="A"))["args"] == str(number)
            assert not writing.done()
            writing.cancel()
            await asyncio.wait([writing])


async def _flood(writer: asyncio.StreamWriter, line: bytes) -> None:
    while True:
        writer.write(line * 1000)
        await writer.drain()


async def test_a_face_that_never_reads_costs_a_bounded_memory_and_nobody_time(
    tmp_path: Path,
) -> None:
    async with session_in(tmp_path) as session, raw_agent(session.hub) as agent:
        async with face() as slow, face() as good:
            await slow.notice("welcome")
            slow.writer.transport.pause_reading()
            for number in range(20_000):
                await agent.send(f"FLOOD|{number}|{'x' * 200}\n")
            await agent.send("LAST\n")
            await good.event(type="LAST")
            (one, two) = session.faces._attached
            waiting = max(one._link.waiting, two._link.waiting)
            assert 0 < waiting < 3 * WAITING_BYTES
            assert not any(event.kind in ("fault", "disconnected") for event in session.log)
            slow.writer.transport.resume_reading()
            await slow.event(type="LAST")
            assert [event["seq"] for event in slow.events] == [
                event["seq"] for event in good.events
            ]


async def test_the_number_of_faces_is_bounded_and_a_hub_can_still_be_asked(tmp_path: Path) -> None:
    async with session_in(tmp_path) as session:
        opened = [face() for _ in range(MOST_FACES)]
        faces = [await each.__aenter__() for each in opened]
        for each in faces:
            await each.notice("welcome")
        async with face() as one:
            assert "attached already" in await last_words(one)
        async with face(events=False) as asking:
            assert "state" in await asking.ask("status")
        silent = [connected() for _ in range(MOST_CONNECTIONS - MOST_FACES)]
        for each in silent:
            await each.__aenter__()
        async with connected() as one:
            assert "connections already" in await last_words(one)
        for each in (*opened, *silent):
            await each.__aexit__(None, None, None)
        await eventually(lambda: not session.faces._connections)


async def test_without_a_face_an_event_costs_nothing(tmp_path: Path) -> None:
    async with session_in(tmp_path) as session:
        before = len(session.log._batch_subscribers)
        async with face() as one:
            await one.notice("welcome")
            assert len(session.log._batch_subscribers) == before + 1
        await eventually(lambda: len(session.log._batch_subscribers) == before)
        assert attached_faces.EVENT_DELAY > 0
