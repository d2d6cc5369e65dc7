"""All exchanges of a dialogue, folded into rows and turns."""

import pytest

from mdxdash.remdis.folding import PAUSE, Folding
from mdxdash.remdis.rows import Row
from tests.support.remdis_traffic import ABORTING, turn, unit


def folded(folding: Folding, step: float = 0.01) -> dict[str, list[Row]]:
    """The settled rows of a turn, by exchange."""
    found: dict[int, Row] = {}
    now = 100.0
    for exchange, data in turn():
        found |= {row.number: row for row in folding.take(exchange, data, now)}
        now += step
    found |= {row.number: row for row in folding.settle(now + 2 * PAUSE)}
    by_exchange: dict[str, list[Row]] = {}
    for row in found.values():
        by_exchange.setdefault(row.exchange, []).append(row)
    return by_exchange


def test_a_turn_is_one_row_an_exchange():
    rows = folded(Folding())
    assert {name: [row.text for row in of] for name, of in rows.items()} == {
        "ain": ["0.20 s  level 0.30"],
        "asr": ["今日は天気は"],
        "vap": ['{"p_now": 0.9, "p_future": 0.8}'],
        "dialogue": ["晴れです。"],
        "dialogue2": ['{"expression": "joy", "action": "nod"}'],
        "tts": ["1.00 s  level 0.50"],
    }
    assert {row.state for of in rows.values() for row in of} == {"settled"}
    assert rows["asr"][0].revoked == 1


def test_latencies_are_measured_from_what_the_user_said():
    folding = Folding()
    folded(folding)
    (found,) = folding.turns
    assert found.said == "今日は天気は"
    assert found.dialogue is not None
    assert found.tts is not None
    # Two and six units after the one that settled it.
    assert (round(found.dialogue, 3), round(found.tts, 3)) == (0.02, 0.06)
    assert found.text == "今日は天気は: dialogue 0.02 s, tts 0.06 s"


@pytest.mark.parametrize(("exchange", "data", "reason"), ABORTING)
def test_what_would_end_an_agent_is_flagged(exchange: str, data: bytes, reason: str):
    folding = Folding()
    (row,) = folding.take(exchange, data, 1.0)
    assert (row.state, row.text) == ("flagged", f"would end the agent: {reason}")
    assert folding.flagged == 1


def test_where_no_agent_listens_it_ends_none():
    folding = Folding()
    (row,) = folding.take("asr", unit("add", "はい"), 1.0)
    assert row.state == "growing"
    (row,) = folding.take("asr", b"x", 1.0)
    assert row.text == "no unit: not JSON"
    assert (folding.flagged, folding.unreadable) == (0, 1)


def test_two_producers_do_not_mix_and_a_pause_ends_a_sound():
    folding = Folding()
    folding.take("asr", unit("add", "a", "1", "one"), 1.0)
    (row,) = folding.take("asr", unit("add", "b", "1", "two"), 1.0)
    assert row.text == "b"
    folding.take("ain", unit("add", "AAAA", "1", "AIN"), 2.0)
    rows = folding.take("ain", unit("add", "AAAA", "2", "AIN"), 2.1 + PAUSE)
    assert [row.state for row in rows] == ["settled", "growing"]
