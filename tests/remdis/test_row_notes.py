"""What a hub is told of rows."""

import msgspec

from mdxdash.events.event import Event
from tests.support.remdis_traffic import ABORTING, events_of, interruption, turn


def test_what_takes_time_has_a_start_and_an_end():
    levels = [(each.module, each.level) for each in events_of(turn())]
    assert levels.count(("asr", "start")) == levels.count(("asr", "end")) == 1
    assert levels.count(("ain", "start")) == levels.count(("ain", "end")) == 1
    assert levels.count(("vap", "end")) == 2
    assert ("vap", "start") not in levels


def test_the_end_says_how_long_ago_it_was_and_how_long_it_took():
    (end,) = (each for each in events_of(turn()) if (each.module, each.level) == ("ain", "end"))
    number, ago, seconds, _ = end.args.split("|")
    assert number.isdecimal()
    assert 0.5 < float(ago) < 0.6
    assert seconds == "0.995"


def test_what_was_revoked_is_a_remark_behind_the_text():
    (end,) = (each for each in events_of(turn()) if (each.module, each.level) == ("asr", "end"))
    assert end.text == "今日は天気は  (1 revoked)"
    assert end.args.endswith("|6")


def test_a_backchannel_has_no_level_and_a_revoked_answer_says_so():
    traffic = [each for each in turn() if each[0] < 2.2] + interruption()
    found = [(each.level, each.text) for each in events_of(traffic) if each.module == "dialogue"]
    assert found == [
        *(("", "はい"), ("start", ""), ("end", "晴れです。"), ("revoked", "晴れです。  (revoked)")),
    ]


def test_what_is_flagged_is_a_fault():
    found = events_of([(0.0, exchange, data) for exchange, data, _ in ABORTING])
    assert [each.kind for each in found] == ["fault"] * 3


def test_its_events_are_read_again_from_a_recording():
    for event in events_of(turn()):
        assert msgspec.json.decode(msgspec.json.encode(event), type=Event) == event
