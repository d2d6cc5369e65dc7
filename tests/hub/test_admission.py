"""Who is admitted, who is refused and how, and that an attack costs other agents nothing."""

import asyncio
import logging
from http import HTTPStatus
from unittest.mock import Mock

import pytest
from websockets.asyncio.client import connect
from websockets.datastructures import Headers
from websockets.exceptions import InvalidStatus
from websockets.frames import Opcode
from websockets.http11 import Request, Response

from mdxdash.hub.admission import Admission
from mdxdash.hub.server import HubServer
from mdxdash.settings.tables.hub_section import HubSettings
from mdxdash.simulator import Simulator
from tests.support.hub_clients import agent_at, raw_agent, running_hub
from tests.support.raw_connections import attacked_hub, dialled, frame, is_cut, request
from tests.support.upstream_servers import listen_only, user_server
from tests.support.waiting import GUARD, eventually, logged

SECRET = "0123456789abcdefABCDEF"


async def status_of(hub: HubServer, path: str, **headers: str) -> tuple[int, str]:
    with pytest.raises(InvalidStatus) as caught:
        async with connect(f"ws://127.0.0.1:{hub.port}{path}", additional_headers=headers):
            pass
    answer = caught.value.response
    return answer.status_code, answer.reason_phrase


async def test_a_thousand_half_open_connections_keep_nobody_out():
    async with attacked_hub() as (hub, _):
        writers = []
        for _ in range(1000):
            writers.append((await dialled(hub))[1])
            if len(writers) > 300:  # of those cut long ago
                writers.pop(0).transport.abort()
        async with raw_agent(hub, "/chat-new") as agent:
            await agent.send("GOT_IN\n")
            await logged(hub.log, lambda event: event.type == "GOT_IN")
        await logged(hub.log, lambda event: "others were waiting" in event.text)
        for writer in writers:
            writer.transport.abort()


async def test_equal_refusals_of_a_flood_are_one_event_and_a_number():
    async with attacked_hub(half_open=1) as (hub, _):
        for _ in range(200):
            (await dialled(hub))[1].transport.abort()
        async with asyncio.timeout(GUARD):
            while sum(each.count for each in hub.refusals) < 200:
                await asyncio.sleep(0.01)
        assert sum(event.kind == "refused" for event in hub.log) < 10


async def test_an_agent_that_dials_a_wrong_path_again_and_again_is_one_event():
    async with running_hub() as hub:
        for _ in range(20):
            assert (await status_of(hub, "/wrong"))[0] == 404
        (event,) = (event for event in hub.log if event.kind == "refused")
        assert event.text.endswith(": path /wrong, expected /chat")
        (counted,) = hub.refusals
        assert (counted.count, counted.dialled, counted.expected) == (20, "/wrong", "/chat")


async def test_of_an_agent_without_the_secret_the_path_is_not_shown():
    async with running_hub(secret=SECRET) as hub:
        assert (await status_of(hub, f"/chat/{SECRET[:-1]}"))[0] == 404
        (counted,) = hub.refusals
        assert (counted.dialled, counted.expected) == ("***", "/chat/***")


@pytest.mark.parametrize("begun", [b"", b"GET /chat HTTP/1.1\r\nHost: loc"])
async def test_a_handshake_that_takes_too_long_is_cut_and_told(begun: bytes):
    async with attacked_hub(handshake_timeout=0.2) as (hub, _):
        reader, writer = await dialled(hub)
        writer.write(begun)
        assert await is_cut(reader)
        await logged(hub.log, lambda event: "no whole request within 0.2 s" in event.text)
        writer.close()


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (b"GET /" + b"x" * 20_000, "no proper request"),
        (request(more=f"X: {'x' * 7000}\r\n" * 3), "over 16,384 bytes"),
        (request("/" + "x" * 8190), "no proper request"),
        (request(more="".join(f"X-{n}: 1\r\n" for n in range(200))), "no proper request"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 80 + b"\n", "no proper request"),
    ],
    ids=["endless line", "headers", "long line", "many headers", "TLS"],
)
async def test_a_request_beyond_the_limits_is_refused_and_told(sent: bytes, told: str):
    async with attacked_hub() as (hub, _):
        reader, writer = await dialled(hub)
        writer.write(sent)
        assert await is_cut(reader)
        await logged(hub.log, lambda event: event.kind == "refused" and told in event.text)
        writer.close()


async def test_one_agent_too_many_is_refused_with_503_and_shown():
    async with attacked_hub(max_agents=2) as (hub, _), raw_agent(hub) as agent:
        assert (await status_of(hub, "/chat"))[0] == 503
        await logged(hub.log, lambda event: "2 agents are connected" in event.text)
        await agent.close()
        await logged(hub.log, lambda event: event.kind == "disconnected")
        async with raw_agent(hub, "/chat-again"):
            pass


async def test_one_agent_a_path_when_asked_for():
    async with attacked_hub(exclusive=True) as (hub, _), raw_agent(hub):
        assert await status_of(hub, "/chat") == (429, "Too Many Requests")
        async with raw_agent(hub, "/chat-1"):
            assert await status_of(hub, "/chat-1") == (429, "Too Many Requests")


async def test_an_agent_whose_path_is_taken_goes_on_to_the_next():
    async with attacked_hub(exclusive=True) as (hub, _):
        url = f"ws://localhost:{hub.port}/chat"
        agents = [asyncio.create_task(Simulator(url, retries=9).run()) for _ in range(3)]
        for name in ("chat", "chat-1", "chat-1-2"):
            await logged(hub.log, lambda e, name=name: (e.kind, e.agent) == ("connected", name))
        for agent in agents:
            agent.cancel()
        await asyncio.wait(agents)


@pytest.mark.parametrize("path", ["/chat-\x1b[31m", "/chat-a/b", "/chat-" + "x" * 65, "/chat-"])
async def test_a_name_that_could_do_harm_is_no_path(path: str):
    async with attacked_hub() as (hub, _):
        reader, writer = await dialled(hub)
        writer.write(request(path))
        assert b" 404 " in await reader.readuntil(b"\r\n\r\n")
        writer.close()


async def test_with_a_secret_only_who_knows_it_comes_in():
    async with running_hub(secret=SECRET) as hub:
        for path in ("/chat", "/chat/", f"/chat/{SECRET}x", f"/chat/{SECRET[:-1]}", "/chat-1"):
            assert (await status_of(hub, path))[0] == 404
        async with raw_agent(hub, f"/chat/{SECRET}"), raw_agent(hub, f"/chat/{SECRET}-1"):
            assert [agent.name for agent in hub.agents] == ["chat", "chat-1"]


@pytest.mark.parametrize(
    "path", [f"/chat/{SECRET}", f"/chat/{SECRET}-1", "/other?token=hunter2", f"/a/{SECRET}/b?x"]
)
async def test_the_secret_of_another_server_is_not_shown_where_this_one_has_none(path: str):
    async with running_hub() as hub:
        assert (await status_of(hub, path))[0] == 404
        shown = repr(list(hub.log))
        assert "***" in shown
        assert SECRET not in shown and "hunter2" not in shown


async def test_the_secret_is_shown_nowhere(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)
    async with running_hub(secret=SECRET, max_agents=1) as hub:
        async with raw_agent(hub, f"/chat/{SECRET}") as agent:
            await agent.send(
                "[2026/11/22 19:48:26.306] [8303071] Remote: Status: connected to "
                f"localhost:9001/chat/{SECRET}\n\n"
            )
            await agent.send(f"A|/chat/{SECRET}\n")
            await logged(hub.log, lambda event: event.type == "A")
            assert (await status_of(hub, f"/chat/{SECRET}"))[0] == 503
        for path in (
            f"/chat/{SECRET}x",
            f"/chat/{SECRET[1:]}",
            f"/{SECRET}",
            f"/chat/{SECRET}-{SECRET}",
            f"/chat/{SECRET}-{SECRET[2:]}-x",
            f"/chat/{SECRET}-{SECRET.swapcase()}",
            f"/tap/{SECRET}-{SECRET}",
            f"/chat?secret={SECRET}",
        ):
            assert (await status_of(hub, path))[0] == 404
        for sent in (
            f"GET /chat/{SECRET} HTTP/1.0\r\n\r\n".encode(),
            f"GET /chat/{SECRET} HTTP/1.1\r\nno header /chat/{SECRET}\r\n\r\n".encode(),
            f"GET /chat/{SECRET} HTTP/1.1\r\n\r\n".encode(),
        ):
            reader, writer = await dialled(hub)
            writer.write(sent)
            assert await is_cut(reader)
            writer.close()
        shown = [repr(event) for event in hub.log]
        assert SECRET.swapcase() not in repr(shown)
        shown += [repr(hub.settings), hub.url, *hub.mdf_lines, hub.agents[0].path, caplog.text]
        assert SECRET[2:] not in "\n".join(shown)
        assert SECRET in hub.dial_url
        assert SECRET in hub.full_mdf_lines[2]


@pytest.mark.parametrize(
    ("path", "headers", "status", "reason"),
    [
        ("/chat", {"Origin": "http://example.com"}, 403, "http://example.com"),
        ("/other", {}, 404, "path /other, expected /chat"),
        ("/chatter", {}, 404, "path /chatter"),
    ],
)
async def test_what_is_no_agent_is_refused_and_shown(
    path: str, headers: dict[str, str], status: int, reason: str
):
    async with running_hub() as hub:
        with pytest.raises(InvalidStatus) as caught:
            async with connect(f"ws://localhost:{hub.port}{path}", additional_headers=headers):
                pass
        assert caught.value.response.status_code == status
        event = await logged(hub.log, lambda event: event.kind == "refused")
        assert reason in event.text
        assert hub.agents == ()


async def test_an_allowed_web_page_is_let_in():
    page = "http://localhost:3000"
    async with (
        running_hub(allow_origins=(page,)) as hub,
        connect(hub.url, additional_headers={"Origin": page}),
    ):
        await logged(hub.log, lambda event: event.kind == "connected")


async def test_two_origins_are_a_web_page_too():
    page = "http://localhost:3000"
    async with running_hub(allow_origins=(page,)) as hub:
        with pytest.raises(InvalidStatus) as caught:
            async with connect(hub.url, additional_headers=[("Origin", page)] * 2):
                pass
        assert caught.value.response.status_code == 403
        await logged(hub.log, lambda event: "a web page of" in event.text)


async def test_plain_http_gets_a_short_answer_that_says_what_this_is():
    async with running_hub() as hub:
        reader, writer = await asyncio.open_connection("127.0.0.1", hub.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer = await reader.read()
        writer.close()
        assert answer.startswith(b"HTTP/1.1 426 ")
        assert b"This is mdxdash" in answer
        await logged(hub.log, lambda event: "plain HTTP" in event.text)


@pytest.mark.parametrize(
    ("path", "settings", "status"),
    [
        ("/chat", {"allow_origins": ()}, HTTPStatus.FORBIDDEN),
        ("/other", {}, HTTPStatus.NOT_FOUND),
        ("/other", {"secret": SECRET}, HTTPStatus.NOT_FOUND),
        ("/chat", {"max_agents": 1}, HTTPStatus.SERVICE_UNAVAILABLE),
        ("/chat", {"exclusive": True}, HTTPStatus.TOO_MANY_REQUESTS),
    ],
)
async def test_a_refusal_gives_the_standard_reason(
    path: str, settings: dict[str, object], status: HTTPStatus
):
    headers = {"Origin": "http://example.com"} if status is HTTPStatus.FORBIDDEN else {}
    async with running_hub(**settings) as hub, agent_at(hub.dial_url):
        await logged(hub.log, lambda event: event.kind == "connected")
        with pytest.raises(InvalidStatus) as caught:
            async with connect(f"ws://127.0.0.1:{hub.port}{path}", additional_headers=headers):
                pass
    response = caught.value.response
    assert (response.status_code, response.reason_phrase) == (status.value, status.phrase)
    assert response.body is not None
    assert response.body.decode().splitlines()[0] == status.phrase
    assert SECRET not in response.body.decode()


class Endpoint:
    full = False


def refusal(admission: Admission, path: str, **headers: str) -> int | None:
    """The status with which a request is refused; None if it is admitted."""
    connection = Mock()
    connection.connection_lost_waiter.done.return_value = False
    connection.respond = lambda status, body: Response(status, status.phrase, Headers())
    response = admission.admit(connection, Request(path, Headers(Upgrade="websocket", **headers)))
    return None if response is None else response.status_code


def test_an_endpoint_is_served_under_its_path_as_long_as_it_is_not_full():
    endpoint = Endpoint()
    admission = Admission(HubSettings(max_agents=1), Mock(), {"/tap": endpoint})
    assert [refusal(admission, "/tap") for _ in range(3)] == [None] * 3
    assert refusal(admission, "/tap/x") == 404
    endpoint.full = True
    assert refusal(admission, "/tap") == 503
    # It counts as no agent.
    assert [refusal(admission, "/chat"), refusal(admission, "/chat")] == [None, 503]


def test_an_endpoint_needs_the_secret_and_gives_its_path_without():
    admission = Admission(HubSettings(secret=SECRET), Mock(), {"/tap": Endpoint()})
    assert refusal(admission, "/tap") == 404
    assert refusal(admission, f"/tap/{SECRET}") is None
    assert admission.endpoint_path(f"/tap/{SECRET}") == "/tap"
    assert admission.endpoint_path(f"/chat/{SECRET}") is None


@pytest.mark.parametrize(
    ("path", "suffix"),
    [
        ("/chat", ""),
        ("/chat-1", "-1"),
        ("/chat-1-2", "-1-2"),
        ("/chatter", None),
        ("/chat/", None),
        ("/cha", None),
        ("/other", None),
    ],
)
def test_the_suffix_of_a_path(path: str, suffix: str | None):
    assert Admission(HubSettings(), Mock()).path_suffix(path) == suffix


def test_a_pending_connection_is_refused_once():
    log = Mock()
    admission = Admission(HubSettings(), log)
    connection = Mock(remote_address=("127.0.0.1", 50234))
    admission.refuse_pending(connection, "not there")
    log.assert_not_called()
    admission.add_pending(connection)
    admission.refuse_pending(connection, "first")
    admission.remove(connection)
    log.assert_called_once_with("connection from 127.0.0.1:50234: first")


def test_the_oldest_of_too_many_pending_connections_is_cut():
    admission = Admission(HubSettings(half_open=2), Mock())
    connections = [Mock(remote_address=None) for _ in range(3)]
    for connection in connections:
        admission.add_pending(connection)
    assert [each.transport.abort.called for each in connections] == [True, False, False]


@pytest.mark.parametrize("relayed", [False, True])
async def test_who_ends_in_the_packet_of_the_request_takes_nobody_s_place(relayed: bool):
    async with user_server(listen_only) as server:
        more = {"relay": server.url} if relayed else {}
        async with running_hub(max_agents=1, **more) as hub:
            for _ in range(3):
                reader, writer = await dialled(hub)
                writer.write(request() + frame(b"", Opcode.CLOSE))
                assert await is_cut(reader)
                writer.close()
            await eventually(lambda: not server.connections)
            async with raw_agent(hub):
                assert len(server.connections) == relayed
