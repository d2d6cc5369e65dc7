"""The hub's address in the words of an `.mdf`."""

import pytest

from mdxdash.doctor.hub_address import HubAddress, hub_address
from mdxdash.settings.tables.hub_section import HubSettings


def test_an_address_has_the_port_that_is_listened_on() -> None:
    address = hub_address(HubSettings(port=0), 5000)
    assert address.settings == {
        "Plugin_Remote_Websocket_Host": "localhost",
        "Plugin_Remote_Websocket_Port": "5000",
        "Plugin_Remote_Websocket_Directory": "/chat",
    }
    assert {"127.0.0.1", "::1"} <= set(address.hosts)


def test_a_secret_is_written_but_not_shown() -> None:
    address = hub_address(HubSettings(secret="0123456789abcdef"), 9001)
    assert address.settings["Plugin_Remote_Websocket_Directory"] == "/chat/0123456789abcdef"
    assert address.url == "ws://localhost:9001/chat/***"


@pytest.mark.parametrize(
    ("host", "tls", "url"),
    [
        ("example.org", False, "ws://example.org:9001/chat"),
        ("example.org", True, "wss://example.org:9001/chat"),
        ("::1", False, "ws://[::1]:9001/chat"),
    ],
)
def test_an_address_is_shown_as_a_url(host: str, tls: bool, url: str) -> None:
    assert HubAddress((host, "other"), 9001, "/chat", "/chat", tls).url == url


def test_a_hub_with_a_certificate_speaks_tls() -> None:
    assert hub_address(HubSettings(tls_cert="cert.pem"), 443).tls
    assert not hub_address(HubSettings(), 443).tls
