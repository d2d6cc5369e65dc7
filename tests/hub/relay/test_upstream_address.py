"""The address of the user's own server: a password or a token in it comes to light nowhere."""

import logging
from base64 import b64encode
from http import HTTPStatus

import pytest
from websockets.asyncio.server import ServerConnection
from websockets.http11 import Request, Response

from mdxdash.hub.relay.upstream_address import address_error, upstream_url
from mdxdash.settings.tables.hub_section import HubSettings
from tests.support.hub_clients import agent_at, running_hub
from tests.support.upstream_servers import UserServer, listen_only, user_server
from tests.support.waiting import logged

PASSWORD = "hunter2"


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
        assert "redirects to an invalid address" in told.text
        assert PASSWORD not in told.text
    await server.kill()


@pytest.mark.parametrize(
    ("relay", "url"),
    [
        ("ws://localhost:9002/other", "ws://localhost:9002/other-1"),
        ("ws://localhost:9002", "ws://localhost:9002/chat-1"),
        ("wss://me:hunter2@localhost/", "wss://me:hunter2@localhost/-1"),
    ],
)
def test_the_suffix_of_the_agent_s_path_goes_on_to_the_upstream(relay: str, url: str):
    assert upstream_url(HubSettings(relay=relay), "-1") == url


@pytest.mark.parametrize("address", ["ws://localhost:9002/chat", "wss://me:hunter2@localhost"])
def test_an_address_that_can_be_dialled_is_no_error(address: str):
    assert address_error(address) is None
