"""`mdxdash sessions`: the recorded sessions."""

import json
import os
import sys
from pathlib import Path

from websockets.sync.client import connect

from tests.support.programs import mdxdash, running
from tests.support.waiting import until


def test_a_session_is_recorded_by_itself_and_listed() -> None:
    with running("serve", "--port", "0") as serve:
        url = serve.diagnostic().split()[-1]
        with connect(url, compression=None) as agent:
            agent.send("A|1\nB|2\n")
            for _ in range(3):
                serve.line()
            until(lambda: '"events":3' in mdxdash("sessions", "--json").stdout)
        session = json.loads(mdxdash("sessions", "--json").stdout)
        assert session["agents"] == ["chat"]
        assert session["running"]
        assert session["started"].startswith("20")
        shown = mdxdash("sessions").stdout.splitlines()
        assert shown[0].split() == ["STARTED", "LENGTH", "EVENTS", "SIZE", "AGENTS", "FILE"]
        assert session["file"] in shown[1] and "(running)" in shown[1]


def test_nothing_recorded_is_said() -> None:
    done = mdxdash("sessions")
    assert (done.returncode, done.stdout) == (0, "")
    assert "nothing is recorded in" in done.stderr


def test_one_odd_line_hides_no_session(tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    folder.mkdir()
    config = tmp_path / "settings.toml"
    config.write_text(f"[recording]\ndirectory = {json.dumps(str(folder))}\n", encoding="utf-8")
    header = '{"format":"mdxdash","version":1}\n'
    event = '{"seq":1,"time":1,"kind":"connected","agent":"%s"}\n'
    for second, agent in enumerate(("chat", "\\ud800")):
        path = folder / f"2026-11-23T04-31-0{second}.jsonl"
        path.write_text(header + event % agent, encoding="utf-8")
    if sys.platform != "win32":
        os.mkfifo(folder / "2026-11-23T04-31-02.jsonl")
        (folder / "2026-11-23T04-31-03.jsonl").symlink_to("/dev/zero")
    done = mdxdash("sessions", "--json", "--config", config)
    assert done.returncode == 0
    assert [json.loads(line)["agents"] for line in done.stdout.splitlines()] == [["chat"], []]
