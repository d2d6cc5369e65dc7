"""The address of the user's own server: a password or a token in it comes to light nowhere."""

import logging
from base64 import b64encode
from http import HTTPStatus
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection
from websockets.http11 import Request, Response

from mdxdash.events.log import EventLog
from mdxdash.hub.address import CannotListen
from mdxdash.hub.redacting_logger import RedactingLogger
from mdxdash.hub.server import HubServer
from mdxdash.settings.hub_section import HubSettings
from mdxdash.settings.redaction import redact_address
from mdxdash.settings.resolution import resolve
from mdxdash.settings.toml_source import SettingsError
from tests.hub.relay.test_forwarding import agent_at
from tests.support.hub_clients import running_hub
from tests.support.upstream_servers import UserServer, listen_only, user_server
from tests.support.waiting import logged

PASSWORD = "hunter2"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("ws://localhost:9002/chat", "ws://localhost:9002/chat"),
        ("ws://me:hunter2@localhost/chat", "ws://***@localhost/chat"),
        ("ws://me:hunt/er2@localhost/chat", "ws://***@localhost/chat"),
        ("ws://me:hunt@er2@localhost", "ws://***@localhost"),
        ("ws://me:hunt?er2@localhost", "ws://***"),
        ("ws://localhost/chat?token=hunter2", "ws://localhost/chat?***"),
        ("ws://localhost/chat?token=hunt@er2", "ws://***"),
        ("ws://localhost/chat#hunter2\nhunter2", "ws://localhost/chat#***"),
        ("ws://me:hunter2@localhost?a", "ws://***@localhost?***"),
        ("me:hunter2@localhost:9002", "***@localhost:9002"),
        ("ws:/me:hunter2@localhost", "***@localhost"),
    ],
)
def test_what_is_private_in_an_address_is_not_shown(address: str, shown: str):
    assert redact_address(address) == shown


@pytest.mark.parametrize(
    ("relay", "says"),
    [
        ("ws://me:hunter2@h/c?token=hunter2", 'without "?" and "#", got "ws://***@h/c?***"'),
        ("http://me:hunter2@localhost/chat", 'got "http://***@localhost/chat"'),
    ],
)
def test_a_refused_setting_is_said_without_it(tmp_path: Path, relay: str, says: str):
    file = tmp_path / "mdxdash.toml"
    (tmp_path / "empty.toml").touch()
    file.write_text(f'[hub]\nrelay = "{relay}"\n', encoding="utf-8")
    empty = tmp_path / "empty.toml"
    for options, environ, config in (
        ({"relay": relay}, {}, empty),
        ({}, {"MDXDASH_RELAY": relay}, empty),
        ({}, {}, file),
    ):
        with pytest.raises(SettingsError) as caught:
            resolve(options, environ, config, tmp_path)
        assert says in str(caught.value)
        told: BaseException | None = caught.value
        while told is not None:
            assert PASSWORD not in str(told)
            told = told.__cause__


def test_a_setting_of_another_type_is_said_without_it(tmp_path: Path):
    file = tmp_path / "mdxdash.toml"
    file.write_text('[hub]\nrelay = ["ws://me:hunter2@h"]\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="something else"):
        resolve({}, {}, file, tmp_path)


@pytest.mark.parametrize(
    ("relay", "says"),
    [
        ("ws://me:hunt/er2@localhost", "ws://***@localhost: its port is no number .* as %2F"),
        ("ws://hunter2@localhost/chat", "username provided without password"),
        ("ws://me:hunter2%ff@localhost/chat", "its host, name or password holds"),
        ("ws://me:hunter2@/chat", "hostname isn't provided"),
        ("ws://me:hunter2@localhost:9001/chat", r"ws://\*\*\*@localhost:9001/chat is this mdxdash"),
    ],
)
async def test_an_address_that_cannot_be_dialled_is_said_without_it(relay: str, says: str):
    with pytest.raises(CannotListen, match=says.replace("//***", r"//\*\*\*")) as caught:
        async with HubServer(HubSettings(relay=relay), EventLog()):
            pass
    for part in ("hunt", "er2"):
        assert part not in str(caught.value)


async def test_the_server_gets_the_password_and_nobody_else(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG, "mdxdash")
    async with user_server(listen_only) as server:
        relay = server.url.replace("ws://", f"ws://me:{PASSWORD}@")
        async with running_hub(relay=relay) as hub, agent_at(hub.dial_url):
            await logged(hub.log, lambda event: event.text.startswith("server "))
            sent = b64encode(f"me:{PASSWORD}".encode()).decode()
            assert server.requests[0].headers["Authorization"] == f"Basic {sent}"
            await server.kill()
            await logged(hub.log, lambda event: "nothing listens there" in event.text)
            await server.start()
            await logged(hub.log, lambda event: "back after" in event.text)
            shown = [repr(event) for event in hub.log]
            assert hub.agents[0].upstream is not None
            shown += [repr(hub.settings), hub.agents[0].upstream.url, caplog.text]
        assert f"ws://***@127.0.0.1:{server.port}/chat" in "\n".join(shown)
        assert PASSWORD not in "\n".join(shown)


async def test_a_server_that_leads_nowhere_is_away():
    def redirect(connection: ServerConnection, _: Request) -> Response:
        answer = connection.respond(HTTPStatus.FOUND, "")
        answer.headers["Location"] = "/elsewhere#part"
        return answer

    server = UserServer(listen_only, redirect)
    await server.start()
    relay = server.url.replace("ws://", f"ws://me:{PASSWORD}@")
    async with running_hub(relay=relay) as hub, agent_at(hub.dial_url):
        told = await logged(hub.log, lambda event: event.text.startswith("server "))
        assert "redirects to an address that is none" in told.text
        assert PASSWORD not in told.text
    await server.kill()


def test_a_failure_is_logged_without_the_password(caplog: pytest.LogCaptureFixture):
    try:
        raise ValueError(f"ws://me:{PASSWORD}@localhost/chat is none")
    except ValueError:
        RedactingLogger(HubSettings()).error("no handshake", exc_info=True)
    assert "ws://***@localhost/chat is none" in caplog.text
    assert PASSWORD not in caplog.text
