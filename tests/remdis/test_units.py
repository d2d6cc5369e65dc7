"""Units on the wire, and those that end an agent."""

import pytest

from mdxdash.remdis.units import Unreadable, hazard, read_unit
from tests.support.remdis_traffic import ABORTING, turn, unit


def test_a_unit_is_read():
    found = read_unit("asr", unit("add", "今日", "a1"))
    assert (found.id, found.producer, found.update, found.body) == ("a1", "ASR", "add", "今日")


@pytest.mark.parametrize("data", [b"x", b"[]", b"{}", unit("remove", "a"), b"[" * 100_000])
def test_what_is_no_unit_is_said(data: bytes):
    with pytest.raises(Unreadable):
        read_unit("asr", data)


@pytest.mark.parametrize(("exchange", "data", "reason"), ABORTING)
def test_what_ends_an_agent_is_said(exchange: str, data: bytes, reason: str):
    assert hazard(data) == reason


def test_what_an_agent_takes_is_no_hazard():
    for exchange, data in turn():
        if exchange in ("tts", "dialogue2"):
            assert hazard(data) == ""
