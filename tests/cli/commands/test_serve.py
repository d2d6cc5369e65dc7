"""`mdxdash serve` and `mdxdash simulate` as programs."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.support.programs import Program, running, url_of
from tests.support.waiting import GUARD


def events_until(serve: Program, type_: str, kind: str) -> list[dict[str, object]]:
    events = []
    while not events or (events[-1].get("type"), events[-1]["kind"]) != (type_, kind):
        events.append(json.loads(serve.line()))
    return events


def test_a_pipe_of_a_shell_works_with_raw_lines_and_waiting() -> None:
    with running("serve", "--port", "0", "--no-record", "--format", "raw", "--wait-agent") as serve:
        serve.write("A|1")
        with connect(url_of(serve), compression=None) as agent:
            assert agent.recv(timeout=GUARD, decode=True) == "A|1\n"
            agent.send("A|1\n")
            agent.send("B|こ\n")
            assert serve.line() == "B|こ"


def test_a_line_on_stdin_reaches_the_simulator_and_its_echo_comes_back():
    with running("serve", "--port", "0", "--format", "jsonl") as serve:
        with running("simulate", "--url", url_of(serve)):
            events_until(serve, "CURRENT_TIME", "received")
            serve.write("TEST_MESSAGE")
            events = events_until(serve, "TEST_MESSAGE", "received")
            sent = next(event for event in events if event["kind"] == "sent")
            assert events[-1]["echo"] == sent["seq"]


def test_the_filter_chooses_what_is_printed():
    with running("serve", "--port", "0", "--format", "jsonl", "--filter", "type:WANTED") as serve:
        with connect(url_of(serve), compression=None) as agent:
            agent.send("OTHER|1\nWANTED|日本\nOTHER|2\n")
            assert json.loads(serve.line())["args"] == "日本"


def test_text_is_one_inert_line_an_event():
    with running("serve", "--port", "0") as serve, connect(url_of(serve)) as agent:
        agent.send("A|\x1b[31mred\n")
        assert " ● chat " in serve.line()
        assert serve.line().endswith(" ← chat A|␛[31mred")


def test_what_cannot_be_sent_is_said_on_stderr():
    with running("serve", "--port", "0") as serve:
        url_of(serve)
        serve.write("|A")
        assert "W105" in serve.diagnostic()
        serve.write("TEST_MESSAGE")
        assert serve.diagnostic() == "not sent, line 2: no agent to send it to is connected"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_an_interrupt_ends_it_with_0(name: str):
    with running("serve", "--port", "0") as serve, connect(url_of(serve)):
        serve.line()
        serve.process.send_signal(getattr(signal, name))
        assert serve.end() == 0


def test_a_port_in_use_ends_it_with_2_and_a_way_out():
    with running("serve", "--port", "0") as first:
        port = url_of(first).split(":")[2].split("/")[0]
        with running("serve", "--port", port) as second:
            assert "--port" in second.diagnostic()
            assert second.end() == 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--path", "chat"], 'begins with "/"'),
        (["--port", "70000"], "a port from 0 to 65535"),
        (["--host", "no-such-host.invalid"], "unknown host"),
        (["--filter", "type:A ("], "--filter"),
        (["--config", "missing.toml"], "missing.toml"),
    ],
)
def test_bad_options_end_it_with_2_and_what_was_expected(arguments: list[str], says: str):
    with running("serve", *arguments) as serve:
        assert serve.end() == 2
        assert says in serve.diagnostic()


def test_a_mistake_in_the_settings_names_file_and_line(tmp_path):
    (tmp_path / "mdxdash.toml").write_text(
        '[hub]\nhost = "localhost"\nprot = 9\n', encoding="utf-8"
    )
    with running("serve") as serve:
        assert serve.end() == 2
        said = serve.diagnostic()
        assert "mdxdash.toml:3" in said
        assert "`port`" in said


@contextmanager
def unread() -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """`mdxdash serve` whose stdout nobody reads any more, and its address."""
    reader, writer = os.pipe()
    command = [sys.executable, "-m", "mdxdash", "serve", "--port", "0"]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=writer, stderr=subprocess.PIPE
    ) as serve:
        os.close(writer)
        assert serve.stderr is not None
        url = serve.stderr.readline().decode().split()[-1]
        os.close(reader)
        try:
            yield serve, url
        finally:
            serve.kill()


def test_a_reader_that_goes_away_ends_it_when_no_agent_is_there():
    with unread() as (serve, url):
        with pytest.raises(InvalidStatus):
            connect(url.replace("/chat", "/other"))  # a refusal is an event, and is printed
        assert serve.wait(timeout=GUARD) == 0


def test_a_reader_that_goes_away_leaves_an_agent_its_hub(monkeypatch):
    monkeypatch.setenv("MDXDASH_LINGER", "200ms")
    with unread() as (serve, url):
        with connect(url) as agent:
            agent.send("A\n")
            with connect(url) as second:
                second.send("B\n")
                assert second.ping().wait(GUARD)
            assert agent.ping().wait(GUARD)
            assert serve.poll() is None
        assert serve.wait(timeout=GUARD) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGHUP")
def test_a_hangup_leaves_an_agent_its_hub(monkeypatch):
    monkeypatch.setenv("MDXDASH_LINGER", "200ms")
    with running("serve", "--port", "0") as serve:
        with connect(url_of(serve)) as agent:
            serve.process.send_signal(signal.SIGHUP)
            with suppress(subprocess.TimeoutExpired):
                serve.process.wait(0.5)
            assert serve.process.poll() is None
            assert agent.ping().wait(GUARD)
        assert serve.end() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGHUP")
def test_a_hangup_ends_it_when_no_agent_is_there():
    with running("serve", "--port", "0") as serve:
        url_of(serve)
        serve.process.send_signal(signal.SIGHUP)
        assert serve.end() == 0


def test_a_hundred_thousand_messages_as_fast_as_they_come_are_all_there():
    with running("serve", "--port", "0", "--format", "jsonl") as serve:
        with connect(url_of(serve), compression=None) as agent:
            for number in range(100_000):
                agent.send(f"FLOOD|{number}\n")
            serve.line()
            for number in range(100_000):
                assert f'"args":"{number}"' in serve.line()


def test_serve_and_simulate_never_load_textual():
    code = (
        "import sys, mdxdash.cli.commands.serve, mdxdash.cli.commands.simulate, mdxdash.cli;"
        "print([name for name in sys.modules if name.split('.')[0] in ('textual', 'rich')])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert result.stdout.strip() == b"[]"
