"""`mdxdash sessions`: the recorded sessions."""

import json

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
