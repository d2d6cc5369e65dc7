"""Turns as lines."""

import csv
import io
import json

from mdxdash.dialogue.turn_formats import (
    CSV_COLUMNS,
    HEAD,
    turn_json,
    turn_line,
    turn_row,
    turn_text,
)
from mdxdash.events.printable import cell_width
from tests.support.dialogues import follow

LINES = (
    "0 SYNTH_START|gene|s|長い話",
    "0 SYNTH_EVENT_START|gene",
    "0 LIPSYNC_START|gene|a,6600",
    "3.5 RECOG_EVENT_START",
    "3.6 SYNTH_STOP|gene",
    "3.7 SYNTH_EVENT_STOP|gene",
    "4 RECOG_EVENT_STOP|天気は",
    "4.03 SYNTH_START|gene|s|晴れ",
    "4.05 SYNTH_EVENT_START|gene",
)


def test_the_text_says_what_was_interrupted_and_cut() -> None:
    first, second = follow(*LINES).turns
    assert turn_text(first) == "(unasked) → gene: 長い話 (cut off)"
    assert turn_text(second) == ("天気は (interrupts gene (3.5 of 6.6 s), cut off) → gene: 晴れ")


def test_the_text_says_what_was_not_answered_or_is_uncertain() -> None:
    [turn] = follow("0 RECOG_EVENT_STOP|a", "1 SYNTH_START|m|s|b").turns
    assert turn_text(turn) == "a (no answer) → m: b (no voice)"
    [turn] = follow("0 SYNTH_START|m|s|b", "0 SYNTH_START|m|s|c", "0 SYNTH_EVENT_START|m").turns
    assert turn_text(turn).endswith("m: c (or another text)")


def test_the_columns_of_a_line_stand_under_their_heads() -> None:
    line = turn_line(follow(*LINES).turns[1])
    assert cell_width(line[: line.index("天")]) == HEAD.index("WHAT")
    assert line[: HEAD.index("  DECIDED")].endswith("50 ms")


def test_a_line_is_inert() -> None:
    [turn] = follow("0 RECOG_EVENT_STOP|\x1b[31m").turns
    assert "\x1b" not in turn_line(turn)


def test_json_has_the_latencies_in_seconds() -> None:
    line = json.loads(turn_json(follow(*LINES).turns[1]))
    assert (line["words"], line["answer"], line["latency"]) == ("天気は", "晴れ", 0.05)
    assert line["interruptions"][0]["cut"]


def test_csv_has_the_latencies_in_milliseconds() -> None:
    [row] = csv.reader(io.StringIO(turn_row(follow(*LINES).turns[1]).decode()))
    cells = dict(zip(CSV_COLUMNS, row, strict=True))
    assert (cells["answer_ms"], cells["decided_ms"], cells["voice_ms"]) == ("50.0", "30.0", "20.0")
    assert (cells["interrupted_ms"], cells["cut"]) == ("3500.0", "cut")
