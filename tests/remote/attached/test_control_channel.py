"""Connections to the control socket of a hub, by its name."""

from pathlib import Path

import pytest

from mdxdash.remote.attached.control_channel import control_opener
from mdxdash.remote.attached.hub_link import Refused, ask_welcome
from mdxdash.remote.protocol import PROTOCOL, Attach
from tests.support.faces import runtime_folder, session_in


async def test_the_hub_of_that_name_is_found_and_says_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with runtime_folder(monkeypatch):
        opener = control_opener("robot")
        with pytest.raises(OSError, match="no hub named robot runs"):
            await opener()
        async with session_in(tmp_path, recording_enabled=False, name="robot") as session:
            welcome = await ask_welcome(opener, Attach(PROTOCOL, "attach", events=False))
            assert (welcome.name, welcome.url) == ("robot", session.hub.url)
            with pytest.raises(Refused, match="protocol"):
                await ask_welcome(opener, Attach(PROTOCOL + 1, "attach", events=False))
