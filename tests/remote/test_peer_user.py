"""Who is at the other end of a socket."""

import os
import socket
import sys

import pytest

from mdxdash.remote.peer_user import is_own, peer_uid


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells it")
def test_the_user_of_a_unix_socket_is_known() -> None:
    one, other = socket.socketpair()
    with one, other:
        assert peer_uid(one) == os.geteuid()


def test_the_user_of_another_socket_is_not() -> None:
    with socket.socket(socket.AF_INET) as one:
        assert peer_uid(one) is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such numbers")
def test_only_this_user_and_one_who_is_not_known_are_let_in() -> None:
    assert is_own(os.geteuid()) and is_own(None)
    assert not is_own(os.geteuid() + 1)
