"""What goes wrong with a broker, in words and without credentials."""

import asyncio
import ssl

import pytest

from mdxdash.remote.fleet.broker_address import BrokerAddress
from mdxdash.remote.fleet.broker_connection import (
    BrokerError,
    NotLetIn,
    NotThere,
    explained,
    explaining,
)

ADDRESS = BrokerAddress.of("amqp://ken:Correct-Horse-42@broker.example.org")


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (TimeoutError(), "amqp://broker.example.org does not answer within 10 s"),
        (asyncio.CancelledError(), "amqp://broker.example.org gives no sign of life"),
        (
            ConnectionError("Connect call failed ('::1', 5672)"),
            "amqp://broker.example.org cannot be reached: nothing listens there",
        ),
        (ConnectionResetError("reset by peer"), "the connection was broken"),
        (OSError(113, "No route to host"), "cannot be reached: No route to host"),
        (ImportError("aio_pika"), "aio-pika is not installed"),
        (
            RuntimeError("ACCESS_REFUSED - access to exchange 'x' in vhost '/' refused"),
            "the broker refuses: the user ken has no permission for that",
        ),
        (RuntimeError("NOT_FOUND - no exchange 'x'"), "no hub has ever published"),
        (RuntimeError("NOT_FOUND - no vhost 'x'"), "NOT_FOUND - no vhost 'x'"),
        (
            RuntimeError("Expected one of ['Connection.OpenOk'], got <Connection.Close object>"),
            "amqp://broker.example.org: there is no such virtual host, or ken may not use it",
        ),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER]"), "cannot be reached: there is no TLS"),
        (OSError(320, "CONNECTION_FORCED\nforged line"), "CONNECTION_FORCED forged line"),
        (RuntimeError(), "RuntimeError"),
        (RuntimeError("x" * 5000), "x" * 200),
    ],
)
def test_an_error_is_a_sentence(error: BaseException, text: str):
    found = explained(error, ADDRESS)
    assert text in str(found)
    assert len(str(found)) < 400
    assert type(found) is BrokerError


def test_who_is_not_let_in_is_said():
    found = explained(RuntimeError("ACCESS_REFUSED - Login was refused"), ADDRESS)
    assert isinstance(found, NotLetIn)
    assert "does not let ken in: wrong name or password" in str(found)


def test_a_certificate_that_is_not_trusted_is_said():
    error = ssl.SSLCertVerificationError()
    error.verify_message = "self-signed certificate"
    assert str(explained(error, ADDRESS)).endswith(": self-signed certificate")


def test_the_password_is_in_no_error():
    for text in ("cannot use Correct-Horse-42", "amqp://ken:Correct-Horse-42@broker"):
        for error in (RuntimeError(text), OSError(1, text), ConnectionError(text)):
            assert "Correct-Horse-42" not in str(explained(error, ADDRESS))


def test_a_password_that_is_a_word_of_a_sentence_takes_nothing_from_it():
    address = BrokerAddress.of("amqp://ken:wrong@broker.example.org")
    found = explained(RuntimeError("ACCESS_REFUSED - Login was refused"), address)
    assert str(found).endswith("does not let ken in: wrong name or password")


async def test_what_aiormq_cancels_is_an_error_of_the_broker():
    waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def publish() -> None:
        with explaining(ADDRESS):
            await waiting

    publishing = asyncio.create_task(publish())
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(BrokerError, match="gives no sign of life"):
        await publishing


async def test_a_task_that_is_cancelled_is_cancelled():
    async def publish() -> None:
        with explaining(ADDRESS):
            await asyncio.Event().wait()

    publishing = asyncio.create_task(publish())
    await asyncio.sleep(0)
    publishing.cancel()
    await asyncio.wait([publishing])
    assert publishing.cancelled()


@pytest.mark.parametrize("error", [NotThere("room-1"), BrokerError("as it is")])
def test_what_is_explained_already_stays(error: Exception):
    with pytest.raises(type(error), match=str(error)), explaining(ADDRESS):
        raise error
