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
    for _, exchange, data in turn():
        if exchange in ("tts", "dialogue2"):
            assert hazard(data) == ""


@pytest.mark.parametrize("timestamp", ["1" * 400, '"x"', "[]", "NaN", "1e999", "null"])
def test_a_timestamp_that_is_none_is_zero(timestamp: str):
    data = b'{"update_type": "add", "timestamp": ' + timestamp.encode() + b"}"
    assert read_unit("asr", data).timestamp == 0.0


def test_names_are_short_and_have_no_halves_of_characters():
    found = read_unit("asr", unit("add", "x", "i" * 100_000, "\ud800"))
    assert (len(found.id), found.producer) == (200, "?")
