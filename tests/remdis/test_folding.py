"""All exchanges of a dialogue, folded into rows."""

from collections.abc import Iterable

import pytest

from mdxdash.dialogue.exchanges import EXCHANGES
from mdxdash.remdis.folding import LONGEST, OVER_PARTS, PAUSE, Folding
from mdxdash.remdis.rows import PARTS_MAX, Row
from tests.support.remdis_traffic import ABORTING, Traffic, interruption, scores, turn, unit

START = 100.0


def folded(folding: Folding, traffic: Traffic) -> list[Row]:
    """The rows of traffic, in the order in which they begin, when all is over."""
    found: dict[int, Row] = {}
    for seconds, exchange, data in traffic:
        found |= {row.number: row for row in folding.take(exchange, data, START + seconds)}
    end = START + traffic[-1][0] + 2 * PAUSE
    found |= {row.number: row for row in folding.settle(end)}
    return [found[number] for number in sorted(found)]


def texts(rows: Iterable[Row], exchange: str) -> list[str]:
    return [row.text for row in rows if row.exchange == exchange]


def test_a_turn_of_all_exchanges_is_folded_into_what_it_means():
    rows = folded(Folding(), turn())
    assert {name: texts(rows, name) for name in EXCHANGES} == {
        "ain": ["1.50 s  level 0.30", "2.50 s  level 0.00"],
        "asr": ["今日は天気は"],
        "vap": ["USER_TAKE_TURN", "SYSTEM_TAKE_TURN"],
        "score": ["p_now 0.25, p_future 0.75"],
        "bc": ["はい"],
        "emo_act": ["action nod"],
        "dialogue": ["はい", "晴れです。"],
        "dialogue2": ["action nod", "expression joy, action nod"],
        "tts": ["0.05 s  level 0.50", "1.30 s  level 0.50"],
    }
    assert {row.state for row in rows} == {"settled"}
    (asr,) = (row for row in rows if row.exchange == "asr")
    assert asr.revoked == 1
    (score,) = (row for row in rows if row.exchange == "score")
    assert score.units == 40


def test_a_backchannel_is_no_answer():
    rows = folded(Folding(), turn())
    assert [(row.text, row.backchannel) for row in rows if row.exchange == "dialogue"] == [
        ("はい", True),
        ("晴れです。", False),
    ]


def test_an_answer_that_is_interrupted_is_revoked_and_can_still_be_read():
    traffic = [each for each in turn() if each[0] < 2.2] + interruption()
    rows = folded(Folding(), traffic)
    answer = [row for row in rows if row.state == "revoked"]
    assert [(row.exchange, row.text, row.revoked) for row in answer] == [
        ("dialogue2", "expression joy, action nod", 1),
        ("dialogue", "晴れです。", 2),
    ]
    # The recogniser revokes what it had settled: that was said nevertheless.
    assert texts(rows, "asr") == ["今日は天気は", "待って"]


def test_what_comes_without_a_pause_is_a_row_each_few_seconds():
    rows = folded(Folding(), scores(0.0, 12.0))
    assert len(rows) == 3
    assert max(row.updated - row.began for row in rows) <= LONGEST["score"]


@pytest.mark.parametrize(("exchange", "data", "reason"), ABORTING)
def test_what_would_end_an_agent_is_flagged(exchange: str, data: bytes, reason: str):
    folding = Folding()
    (row,) = folding.take(exchange, data, 1.0)
    assert (row.state, row.text) == ("flagged", f"would end the agent: {reason}")
    assert folding.flagged == 1


def test_a_flood_of_units_that_would_end_an_agent_is_counted():
    folding = Folding()
    exchange, data, _ = ABORTING[0]
    found = [row for n in range(100) for row in folding.take(exchange, data, 1.0 + n / 20)]
    assert [row.text for row in found] == ["would end the agent: without data_type"]
    (more,) = folding.settle(10.0)
    assert more.text == "and 99 more times: would end the agent: without data_type"
    assert (more.state, folding.flagged) == ("flagged", 100)
    assert not folding.settle(20.0)


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
    folding.take("tts", unit("add", "AAAA", "1", "TTS", data_type="audio"), 2.0)
    later = unit("add", "AAAA", "2", "TTS", data_type="audio")
    rows = folding.take("tts", later, 2.1 + PAUSE)
    assert [row.state for row in rows] == ["settled", "growing"]


def test_a_commit_or_a_revoke_of_nothing_is_no_row():
    folding = Folding()
    assert not folding.take("dialogue", unit("commit", ""), 1.0)
    assert not folding.take("tts", unit("commit", "", data_type="audio"), 1.0)
    assert not folding.take("dialogue", unit("revoke", "はい", "unknown"), 1.0)


def test_producers_without_number_fill_no_memory():
    folding = Folding()
    for number in range(1000):
        folding.take("asr", unit("add", "a", "1", f"producer {number}"), 1.0)
    assert len(folding._open) < 300


def test_a_row_that_newer_ones_push_out_is_settled():
    folding = Folding()
    began = [
        row
        for number in range(52)
        for row in folding.take("asr", unit("add", "x", producer=f"p{number}"), START)
    ]
    ended = [row.number for row in folding.settle(START) if row.state == "settled"]
    known = {row.number for row in began if row.state == "settled"}
    assert {*ended, *known} == {1, 2}


def test_the_parts_of_settled_rows_are_bounded():
    folding = Folding()
    for number in range(3 * OVER_PARTS // PARTS_MAX):
        for part in range(PARTS_MAX + 10):
            folding.take("dialogue", unit("add", "x", f"{number}-{part}"), START)
        (row,) = folding.take("dialogue", unit("commit", "", "end"), START)
        assert len(row.parts) == PARTS_MAX
        assert row.text.endswith("x…")
    assert sum(len(row.parts) for row in folding._over) <= OVER_PARTS
    (revoked,) = folding.take("dialogue", unit("revoke", "", f"{number}-0"), START)
    assert revoked.state == "revoked"
