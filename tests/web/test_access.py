"""Which hosts, origins, secrets and cookies let a browser in."""

import pytest

from mdxdash.web.access import Access

SECRET = "0123456789abcdefABCDEF"


def access(secret: str | None = SECRET, *, secure: bool = False) -> Access:
    return Access(names=["localhost", "Robot.local"], port=8000, secure=secure, secret=secret)


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "localhost:8000", "LOCALHOST.:1", "robot.local:8000"),
        *("127.0.0.1:8000", "192.0.2.7", "[::1]:8000", "[2001:db8::1]"),
    ],
)
def test_the_names_and_every_address_of_this_machine_are_known(host: str) -> None:
    assert access().knows_host(host)


@pytest.mark.parametrize(
    "host",
    [
        *(None, "", ":8000", "evil.example", "evil.example:8000", "localhost.evil.example"),
        *("127.0.0.1.evil.example", "[evil.example]", "[", "]", "[::1"),
        *("[::1].evil.example", "[::1]evil", "[::1]:80.evil", "localhost:80.evil", "[localhost]"),
    ],
)
def test_a_name_of_others_is_refused_as_dns_rebinding_needs_one(host: str | None) -> None:
    assert not access().knows_host(host)


def test_only_the_page_of_the_same_scheme_host_and_port_is_its_own_origin() -> None:
    host = "localhost:8000"
    assert access().is_own_origin("http://localhost:8000", host)
    assert access(secure=True).is_own_origin("https://localhost:8000", host)
    for other in (
        *(None, "", "null", "http://localhost", "http://localhost:80000", "https://localhost:8000"),
        *("http://evil.example", "http://localhost:8000.evil.example", "http://127.0.0.1:8000"),
    ):
        assert not access().is_own_origin(other, host)


def test_only_the_secret_itself_is_taken() -> None:
    assert access().is_secret(SECRET)
    for other in ("", SECRET[:-1], f"{SECRET}x", SECRET.lower(), "こんにちは", "\ud800"):
        assert not access().is_secret(other)
    assert not access(None).is_secret("")


def test_the_cookie_stands_for_the_secret_and_does_not_reveal_it() -> None:
    judge = access()
    assert judge.has_cookie(judge.cookie_value)
    assert access().cookie_value == judge.cookie_value  # after a restart
    assert access(SECRET[::-1]).cookie_value != judge.cookie_value
    assert SECRET not in f"{judge.cookie_name}{judge.cookie_value}{judge!r}"
    for other in (None, "", SECRET, judge.cookie_value[:-1]):
        assert not judge.has_cookie(other)


def test_without_a_secret_no_cookie_is_needed() -> None:
    assert access(None).has_cookie(None)
