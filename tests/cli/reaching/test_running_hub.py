"""Which running hub a command speaks to, and what is said when it cannot."""

import asyncio
from pathlib import Path

import pytest

from mdxdash.cli.reaching.running_hub import chosen_hub, connected
from mdxdash.remote.control_socket import take_socket
from mdxdash.remote.shell_client import HubGone, Refused, first_line
from tests.support.faces import session_in


def test_several_hubs_must_be_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mdxdash.remote.shell_client.CONNECT_TIMEOUT", 0.01)
    hubs = [take_socket(), take_socket("robot")]
    with pytest.raises(SystemExit) as ended:
        chosen_hub(None)
    assert ended.value.code == 2
    assert "several hubs run: main, robot; name one of them" in capsys.readouterr().err
    assert chosen_hub("robot").name == "robot"
    hubs[1].close()
    assert chosen_hub(None).name == "main"
    hubs[0].close()


def test_a_hub_that_has_gone_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    control = take_socket("robot")
    control.listener.close()
    with pytest.raises(SystemExit) as ended, connected(control.address, first_line("send")):
        pass
    assert ended.value.code == 2
    assert "mdxdash: the hub robot: the hub robot does not run" in capsys.readouterr().err


@pytest.mark.parametrize("error", [Refused("no"), HubGone("no"), TimeoutError("no")])
async def test_what_goes_wrong_later_ends_the_command_with_1(
    tmp_path: Path, error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    def work() -> None:
        with connected(chosen_hub(None), first_line("send")):
            raise error

    async with session_in(tmp_path):
        with pytest.raises(SystemExit) as ended:
            await asyncio.to_thread(work)
    assert ended.value.code == 1
    assert capsys.readouterr().err == "mdxdash: the hub main: no\n"
