"""The made certificate and key."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from mdxdash.hub.tls.certificate import make_pair
from mdxdash.simulator import Simulator
from tests.support.hub_clients import running_hub
from tests.support.tls import written_pair
from tests.support.waiting import logged


async def test_the_simulator_connects_with_the_made_pair(tmp_path: Path):
    cert, key = written_pair(tmp_path)
    async with running_hub(tls_cert=cert, tls_key=key) as hub:
        assert hub.url.startswith("wss://")
        agent = asyncio.create_task(Simulator(hub.dial_url).run())
        await logged(hub.log, lambda event: event.kind == "connected")
        agent.cancel()
        await asyncio.wait([agent])


def test_it_is_for_the_names_and_times_that_were_asked_for():
    begin, lifetime = datetime(2026, 11, 25, 12, tzinfo=UTC), timedelta(days=30)
    names = ["localhost", "127.0.0.1", "::1", "例え.jp"]
    pem, _ = make_pair(names, begin, lifetime)
    certificate = x509.load_pem_x509_certificate(pem)
    assert certificate.not_valid_before_utc == begin
    assert certificate.not_valid_after_utc == begin + lifetime
    extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    assert [str(name.value) for name in extension.value] == [*names[:3], "xn--r8jz45g.jp"]


def test_it_signs_itself_with_the_key_which_is_not_encrypted():
    pem, key_pem = make_pair(["localhost"], datetime.now(UTC), timedelta(days=1))
    certificate = x509.load_pem_x509_certificate(pem)
    certificate.verify_directly_issued_by(certificate)
    key = serialization.load_pem_private_key(key_pem, password=None)
    assert key.public_key() == certificate.public_key()


def test_two_have_different_keys_and_numbers():
    one, two = (make_pair(["localhost"], datetime.now(UTC), timedelta(days=1)) for _ in range(2))
    assert one[1] != two[1]
    first, second = (x509.load_pem_x509_certificate(pair[0]) for pair in (one, two))
    assert first.serial_number != second.serial_number
