"""Rules about how Plugin_Remote connects: TCP beside WebSocket, retries, log."""

import pytest

from tests.support.mdf_samples import GOOD, HOST, PATH, PORT, found, mended

ONCE = ": it must be started after mdxdash, and does not come back."


@pytest.mark.parametrize(
    "key",
    [
        "Plugin_Remote_EnableServer",
        "Plugin_Remote_EnableClient",
        "Plugin_Remote_ServerMode",
        "Plugin_Remote_ClientMode",
    ],
)
def test_tcp_beside_the_websocket_is_found(key: str) -> None:
    (one,) = found(GOOD + f"{key}=no\n".encode())
    assert (one.code, one.severity) == ("D151", "error")
    assert one.text == (
        f"{key}=no turns on the TCP/IP connection beside the WebSocket "
        "(anything but `false` does), and the two do not work together."
    )
    assert found(GOOD + f"{key}=false\n".encode()) == []


def test_all_tcp_settings_are_mended_at_once() -> None:
    content = GOOD + b"Plugin_Remote_EnableServer=1\nPlugin_Remote_EnableClient=1\n"
    assert mended(content) == content.replace(b"=1\n", b"=false\n")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", f"Plugin_Remote_RetryCount=0: the agent gives up after 0 s{ONCE}"),
        ("3", f"Plugin_Remote_RetryCount=3: the agent gives up after 1.5 s{ONCE}"),
        ("99", f"Plugin_Remote_RetryCount=99: the agent gives up after 49.5 s{ONCE}"),
    ],
)
def test_few_retries_are_a_warning(value: str, text: str) -> None:
    (one,) = found(GOOD.replace(b"100000", value.encode()))
    assert (one.code, one.severity, one.text) == ("D161", "warning", text)


def test_no_retries_are_a_warning() -> None:
    (one,) = found(HOST + PORT + PATH)
    assert one.text == f"Without Plugin_Remote_RetryCount the agent tries once{ONCE}"


def test_a_hundred_retries_are_enough() -> None:
    assert found(GOOD.replace(b"100000", b"100")) == []


def test_the_log_instead_of_messages_is_a_note() -> None:
    (one,) = found(GOOD + b"Plugin_Remote_AllLog=yes\n")
    assert (one.code, one.severity, one.mendable) == ("D171", "note", False)
    assert one.text == (
        "Plugin_Remote_AllLog=yes (anything but `false`): the agent sends its log lines instead of "
        "its messages. mdxdash understands both; an echo then comes as a log line."
    )
    assert found(GOOD + b"Plugin_Remote_AllLog=false\n") == []
