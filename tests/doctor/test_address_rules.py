"""Rules about the host, port and path that an agent connects to."""

import pytest

from mdxdash.settings.tables.hub_section import HubSettings
from tests.support.mdf_samples import (
    AT_443,
    GOOD,
    GUARDED,
    HERE,
    HOST,
    PATH,
    PORT,
    RETRIES,
    TLS,
    found,
    mended,
)

HOST_KEY = "Plugin_Remote_Websocket_Host"
PORT_KEY = "Plugin_Remote_Websocket_Port"
PATH_KEY = "Plugin_Remote_Websocket_Directory"
TLS_ELSEWHERE = HubSettings(port=9001, tls_cert="cert.pem")
SPEAKS_TLS = "At port 443 the agent speaks TLS (wss://), which this mdxdash does not: give it "
NEEDS_TLS = (
    "This mdxdash speaks TLS, which the agent does at port 443 only; it connects to port 9001."
)


@pytest.mark.parametrize(
    ("content", "settings", "code", "text"),
    [
        (PORT + PATH + RETRIES, HERE, "D121", f"Without {HOST_KEY} the agent connects to nothing."),
        (
            GOOD.replace(b"localhost", b"localhost:9001"),
            HERE,
            "D122",
            f"{HOST_KEY}=localhost:9001: expected only a name or address, such as localhost.",
        ),
        (
            GOOD.replace(b"localhost", b"192.0.2.7"),
            HERE,
            "D123",
            f"{HOST_KEY}=192.0.2.7, but this mdxdash is at localhost.",
        ),
        (
            GOOD.replace(b"localhost", b" localhost"),
            HERE,
            "D123",
            f"{HOST_KEY}= localhost (a space belongs to the name), "
            "but this mdxdash is at localhost.",
        ),
        (
            HOST + PATH + RETRIES,
            HERE,
            "D131",
            f"Without {PORT_KEY} the agent connects to port 80; this mdxdash is at port 9001.",
        ),
        (
            GOOD.replace(b"9001", b"443"),
            HERE,
            "D132",
            f"{SPEAKS_TLS}--tls-cert and --tls-key (`mdxdash cert` makes a pair), "
            "or let the agent connect to port 9001.",
        ),
        (GOOD, TLS, "D133", NEEDS_TLS),
        (
            GOOD,
            TLS_ELSEWHERE,
            "D133",
            f"{NEEDS_TLS} Start mdxdash with --port 443, or let another port 443 lead to it.",
        ),
        (
            GOOD.replace(b"9001", b"9002"),
            HERE,
            "D134",
            f"{PORT_KEY}=9002, but this mdxdash is at port 9001.",
        ),
        (
            HOST + PORT + RETRIES,
            HERE,
            "D141",
            f"Without {PATH_KEY} the agent asks for /; the path here is /chat.",
        ),
        (
            GOOD.replace(b"/chat", b"chat"),
            HERE,
            "D142",
            f"{PATH_KEY} does not begin with /; the path here is /chat.",
        ),
        (
            GOOD.replace(b"/chat", b"/room"),
            HERE,
            "D143",
            f"{PATH_KEY}=/room, but the path here is /chat.",
        ),
        (
            GOOD,
            GUARDED,
            "D143",
            f"{PATH_KEY} is not this mdxdash's path with its secret, /chat/***.",
        ),
    ],
)
def test_a_wrong_address_is_found(
    content: bytes, settings: HubSettings, code: str, text: str
) -> None:
    (one,) = found(content, settings)
    assert (one.code, one.severity, one.text) == (code, "error", text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"localhost", b"LocalHost"),
        (b"localhost", b"::1"),
        (b"9001", b" +9001x"),
        (b"/chat", b"/chat-1"),
        (b"/chat", b"/chat-1-2"),
    ],
)
def test_the_same_address_in_other_words_is_right(old: bytes, new: bytes) -> None:
    assert found(GOOD.replace(old, new)) == []


def test_a_missing_host_brings_the_whole_address() -> None:
    assert mended(b"") == GOOD
    assert mended(RETRIES) == RETRIES + HOST + PORT + PATH


def test_a_missing_host_keeps_retries_that_are_enough() -> None:
    assert mended(b"Plugin_Remote_RetryCount=100\n").startswith(b"Plugin_Remote_RetryCount=100\n")
    assert mended(b"Plugin_Remote_RetryCount=99\n").startswith(b"Plugin_Remote_RetryCount=100000\n")


def test_a_port_443_that_is_this_mdxdashs_own_is_kept() -> None:
    (one,) = found(GOOD.replace(b"9001", b"443"), AT_443)
    assert (one.code, one.sets) == ("D132", ())


def test_a_port_other_than_443_cannot_be_mended_where_mdxdash_is_elsewhere() -> None:
    (one,) = found(GOOD, TLS_ELSEWHERE)
    assert one.sets == ()
    (one,) = found(GOOD, TLS)
    assert one.sets == ((PORT_KEY, "443"),)
