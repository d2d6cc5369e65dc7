"""Macros that were written for mdxdash 0.1.0 load, run and are written as that version did it.

Beside the file lie the tables that 0.1.0 made of its macros, and a record of their runs.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from mdxdash.macros.files.toml_form import table_from_macro
from tests.support.macro_stage import Stage

OLDER: Final = Path(__file__).parents[1] / "support" / "older"
MACROS: Final = (OLDER / "macros.toml").read_text(encoding="utf-8")

EVENTS: Final = (
    (0.1, "TEST_MESSAGE", 1),
    (0.1, "MODEL_EVENT_ADD|gene", None),
    (0.1, "MODEL_EVENT_ADD|mdxdash_test", None),
    (0.1, "NAME|Mei|16", None),
    (0.1, "VALUE_EVENT_SET|score", None),
    (0.1, "VALUE_EVENT_GET|boot|1", None),
    (0.1, "RECOG_EVENT_STOP|hello", None),
    (0.1, "RECOG_EVENT_STOP|oh hello ミク!", None),
    (0.1, "SYNTH_EVENT_START|0", None),
    (0.1, "SYNTH_EVENT_STOP|gene", None),
    (0.1, "SYNTH_EVENT_STOP|0", None),
    (0.1, "MOTION_EVENT_ADD|mdxdash_test|test", None),
    (1.0, "MOTION_EVENT_DELETE|mdxdash_test|test", None),
    (0.1, "MODEL_EVENT_DELETE|mdxdash_test", None),
    (0.1, "TIMER_EVENT_START|mdxdash_test", None),
    (0.1, "LOG_START", 1),
    (0.1, "RECOG_EVENT_STOP|hello ミク", None),
    (0.1, "BADLY", None),
    (10.0, "TIMER_EVENT_STOP|mdxdash_test", None),
    (60.0, "X", None),
)
"""Seconds since the event before, the message, and what it is the echo of."""


def runs() -> Iterator[str]:
    """What the macros do with the events when each is fired at the beginning."""
    stage = Stage(MACROS)
    for name in stage.macros:
        stage.fire(name)
    for pause, line, echo in EVENTS:
        stage.wait(pause)
        stage.say(line, echo=echo)
    stage.wait(100.0)
    yield "sent:"
    yield from stage.sent
    for record in stage.runs.records:
        trigger = "" if record.trigger is None else f", set off by {record.trigger.args}"
        yield f"{record.macro}: {record.state} after {record.took:.3f}{trigger} {record.failure}"
        for step in record.steps:
            answer = "" if step.event is None else f" <- {step.event.type}|{step.event.args}"
            times = f"{step.started:.3f}-{step.ended:.3f}"
            yield f"  {times} {step.number} {step.text}{answer} {step.note}".rstrip()


def test_they_are_read_as_the_same_macros() -> None:
    tables = json.loads((OLDER / "macros.json").read_text(encoding="utf-8"))
    assert [table_from_macro(macro) for macro in Stage(MACROS).macros.values()] == tables


def test_they_do_the_same_at_the_same_times() -> None:
    expected = (OLDER / "macros.txt").read_text(encoding="utf-8").splitlines()
    assert list(runs()) == expected
