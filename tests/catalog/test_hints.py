"""Each hint with its whole text, and right messages without any."""

import pytest

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.catalog.codes import CODES
from mdxdash.catalog.dissect import dissect
from mdxdash.catalog.hints import hints
from mdxdash.catalog.lookup import entries, find
from tests.catalog.test_announced import after


def found(line: str, state: AnnouncedState | None = None) -> list[tuple[str, str]]:
    return [hint[:2] for hint in hints(dissect(line), state)]


TEXTS = {
    "SYNTHSTART|a": [
        ("H401", "SYNTHSTART is not a message of MMDAgent-EX; did you mean SYNTH_START?")
    ],
    "TEST_MESSAGE": [("H401", "TEST_MESSAGE is not a message of MMDAgent-EX")],
    "MENU|FOO|x": [
        ("H401", "MENU has no sub-command FOO; there is ADD, SETITEM, DELETEITEM, DELETE")
    ],
    "MENU": [("H401", "MENU needs a sub-command; there is ADD, SETITEM, DELETEITEM, DELETE")],
    "MENU|": [("H401", "MENU needs a sub-command; there is ADD, SETITEM, DELETEITEM, DELETE")],
    "MENU_EVENT|X": [
        ("H401", "MENU_EVENT has no sub-command X; there is ADD, DELETE, SETITEM, DELETEITEM")
    ],
    "__AV_NOSUCH,1": [("H401", "__AV_NOSUCH is not known, and is silently dropped")],
    "AUDIO_START|a|b.wav": [
        ("H402", "the program knows nothing to do with AUDIO_START: use SOUND_START")
    ],
    "RECOG_LOGLOC": [
        ("H402", "the program knows nothing to do with RECOG_LOGLOC: it has no effect")
    ],
    "MODEL_EVENT_ADD|mei": [("H403", "MODEL_EVENT_ADD is an event, which the agent itself sends")],
    "MODEL_EVENT_ADD": [
        ("H403", "MODEL_EVENT_ADD is an event, which the agent itself sends"),
        ("H404", "no argument; MODEL_EVENT_ADD takes 1, and the agent refuses it"),
    ],
    "PROMPT_SHOW|q|a|b|c|d|e|f|g|h|i|j": [
        ("H404", "11 arguments; PROMPT_SHOW takes 10 at most (9 items)")
    ],
    "SYNTH_START|mei|hello": [
        ("H404", "2 arguments; SYNTH_START takes 3, and the agent refuses it")
    ],
    "CAPTION_SETSTYLE|a|default|1,1,1,1|0,0,0,1,2": [
        ("H404", "4 arguments; CAPTION_SETSTYLE takes 3 or 6, and the agent does not check it")
    ],
    "MODEL_BINDBONE|mei|head|0,0,0|0,0,0|x": [
        ("H404", "5 arguments; MODEL_BINDBONE takes 4 or 9, and the agent does not check it")
    ],
    "TIMER_STOP|a|b": [("H404", "TIMER_STOP takes all of `a|b` as its timer alias")],
    "TIMER_STOP|a": [],
    "EXECUTE|a|b": [("H410", "EXECUTE works on Windows only")],
    "MODEL_ADD|a|a.pmd|0,0,0|0,0,0|on": [("H405", "toon: `on` is not a choice; write ON")],
    "MODEL_ADD|a|a.pmd|0,0,0|0,0,0|maybe": [
        ("H405", "toon: `maybe` is not a choice; it is one of ON, OFF")
    ],
    "MOVE_START|mei|0,0,0|WORLD": [
        ("H405", "frame: `WORLD` is not a choice; it is one of GLOBAL, LOCAL")
    ],
    "MOVE_START|mei|0,0,0|local": [("H405", "frame: `local` is not a choice; write LOCAL")],
    "SYNTH_START||normal|hello": [
        ("H404", "2 arguments; SYNTH_START takes 3, and the agent refuses it"),
        ("H406", "argument 1 (model alias) is empty and is dropped; `normal` becomes argument 1"),
    ],
    "SYNTH_START|mei||hello|x": [
        ("H406", "argument 2 (voice alias) is empty and is dropped; `hello` becomes argument 2")
    ],
    "MOVE_START|mei|": [
        ("H404", "1 argument; MOVE_START takes 2 to 4, and the agent refuses it"),
        ("H406", "argument 2 is empty, and is dropped"),
    ],
    "MOVE_START|mei|0,0": [("H407", "position x,y,z: `0,0` is not three numbers x,y,z")],
    "TIMER_START|t|soon": [("H407", "seconds: `soon` is not a number")],
    "PROMPT_SHOW|q|a": [],
    "RECOG_RECORD_START|dir": [
        ("H409", "RECOG_RECORD_START is silently dropped when it comes through the socket")
    ],
    "EXECUTE|notepad.exe": [("H410", "EXECUTE works on Windows only")],
    "SNDFOO|x": [("H413", "SNDFOO is sent as the message of this name, not as sound")],
    "SND0004abcd": [("H413", "SND0004abcd is sent as the message of this name, not as sound")],
    "MODEL_ADD|a|a.pmx": [("H414", "model file: a.pmx does not end in .pmd")],
    "MODEL_ADD|a|A.PMD": [],
    "MOTION_ADD|mei|w|a.txt": [("H414", "motion file: a.txt does not end in .vmd")],
    "CAMERA|a.txt": [("H414", "camera motion file: a.txt does not end in .vmd")],
    "STAGE|a.txt": [("H414", "stage model file: a.txt does not end in .pmd or .xpmd")],
    "__AV_SETMODEL|mei": [
        ("H415", "__AV_SETMODEL is silently dropped: its arguments follow a comma, not a bar")
    ],
    "__AV_SETMODEL,mei": [],
    "__AV_TRACK,1,2": [
        ("H402", "the program knows nothing to do with __AV_TRACK: it has no effect")
    ],
    "MODEL_DELETE": [("H404", "no argument; MODEL_DELETE takes 1, and the agent refuses it")],
    "MODEL_ADD|a|a.pmd|1|2|ON|a|b|c|d|e|f|g": [
        ("H404", "12 arguments; MODEL_ADD takes 2 to 7, and the agent reads 10 at most"),
        ("H407", "position x,y,z: `1` is not three numbers x,y,z"),
        ("H407", "rotation rx,ry,rz (deg): `2` is not three numbers x,y,z"),
    ],
    "LIGHTCOLOR|1,2": [("H407", "color r,g,b: `1,2` is not three numbers r,g,b")],
    "WINDOWFRAME|NONE": [],
    "MODEL_ADD|mei|a.vrm": [("H414", "model file: a.vrm does not end in .pmd")],
    "SPEAK_START|mei|a.wav": [
        ("H416", "audio file: be sure that the agent can read a.wav, or it freezes for good")
    ],
    "WINDOWFRAME|a.PNG": [
        ("H416", "image file or NONE: be sure that the agent can read a.PNG, or it crashes")
    ],
    # `check` asks about it instead.
    "WINDOWFRAME|a.gif": [],
    "VALUE_EVAL|a|XX|1": [
        ("H405", "operator: `XX` is not a choice; it is one of EQ, NE, LE, LT, GE, GT")
    ],
    "MODEL_DELETE|a|b": [("H404", "2 arguments; MODEL_DELETE takes 1, and the agent refuses it")],
    "STAGE|a.pmd|b|c|d|e|f|g|h|i|j": [
        ("H404", "10 arguments; STAGE takes 1, and the agent refuses it")
    ],
    "STAGE|a.pmd|b|c|d|e|f|g|h|i": [
        ("H404", "9 arguments; STAGE takes 1, and the agent refuses it")
    ],
    "TEXTAREA_ADD|t|10|1,1|1,1,1|1,1,1,1|0,0,0": [
        ("H407", "width,height: `10` is not two numbers x,y"),
        ("H407", "text size,margin,line space: `1,1` is not three or four numbers with commas"),
        ("H407", "background r,g,b,a: `1,1,1` is not four numbers r,g,b,a"),
    ],
    "BUTTON_ADD|b|x|10,10|ok.png|message,TEST|ON": [("H407", "scale: `x` is not a number")],
}


@pytest.mark.parametrize(("line", "expected"), TEXTS.items(), ids=TEXTS.keys())
def test_what_looks_wrong_is_hinted(line: str, expected: list[tuple[str, str]]) -> None:
    assert [hint for hint in found(line) if hint[0] != "H408"] == expected
    assert {CODES[code].severity for code, _ in expected} <= {"hint"}


def test_a_conflict_with_the_documentation_is_hinted_at_last() -> None:
    entry = find("PROMPT_SHOW")
    assert entry is not None
    assert found("PROMPT_SHOW|q" + "|x" * 10)[-1] == ("H408", entry.doc_conflict)


def test_an_events_conflict_with_the_documentation_is_not_hinted_at() -> None:
    conflicts = [one for one in entries() if one.kind == "event" and one.doc_conflict]
    assert conflicts
    assert not [one.name for one in conflicts if "H408" in dict(found(one.name))]


def names(line: str, *past: str) -> list[str]:
    """The hints at names, H411 and H412, after what an agent has announced."""
    return [text for code, text in found(line, after(*past)) if code in ("H411", "H412")]


MODELS = ("MODEL_EVENT_ADD|mei", "MODEL_EVENT_ADD|gene")
MOTIONS = ("MOTION_EVENT_ADD|mei|walk", "MOTION_EVENT_ADD|gene|wave")


def test_a_name_that_exists_is_not_free() -> None:
    assert names("MODEL_ADD|mei|a.pmd", *MODELS) == ["model alias: mei exists already"]
    assert names("MODEL_ADD|neo|a.pmd", *MODELS) == []


def test_a_command_that_replaces_what_exists_is_not_hinted_at() -> None:
    assert names("MOTION_ADD|mei|walk|a.vmd", *MODELS, *MOTIONS) == []


def test_an_unknown_name_is_hinted_at_only_if_others_are_known() -> None:
    assert names("MODEL_DELETE|mey", *MODELS) == [
        "model alias: no model mey here; there is gene, mei"
    ]
    assert names("MODEL_DELETE|mey") == []
    assert names("MODEL_DELETE|mei", *MODELS) == []


def test_no_more_than_five_names_are_listed() -> None:
    models = [f"MODEL_EVENT_ADD|m{number}" for number in range(7)]
    assert names("MODEL_DELETE|mei", *models) == [
        "model alias: no model mei here; there is m6, m5, m4, m3, m2"
    ]


def test_a_motion_is_looked_for_in_its_own_model() -> None:
    assert names("MOTION_DELETE|mei|wave", *MODELS, *MOTIONS) == [
        "motion alias: no motion wave here; there is walk"
    ]
    assert names("MOTION_DELETE|mei|walk", *MODELS, *MOTIONS) == []


def test_the_default_is_no_unknown_name() -> None:
    line = "TEXTAREA_ADD|t|10,5|1,1,1|0,0,0,1|1,1,1,1|0,10,0|0,0,0|mey"
    assert names(line, *MODELS) == ["parent model alias: no model mey here; there is gene, mei"]


def test_an_event_is_not_compared_with_what_was_announced() -> None:
    assert names("MODEL_EVENT_DELETE|mey", *MODELS) == []


@pytest.mark.parametrize(
    "line",
    [
        "SYNTH_START|mei|normal|こんにちは",
        "MODEL_ADD|mei|mei.pmd|0,0,0|0,0,0|ON",
        "STAGE|floor.png,back.png",
        "STAGE|room.pmd",
        "CAMERA|0,10,0|0,0,0|100|16|-1",
        "CAMERA|move.vmd",
        "MENU|SETITEM|page|1|Hello|SYNTH_START|mei|normal|Hello",
        "CAPTION_START|c|_default|hello|2|CENTER|0.5|90",
        "TEXTAREA_ADD|t|10,5|1,1,1,1|0,0,0,1|1,1,1,1|0,10,0",
        "WINDOWFRAME_DELETEALL",
        "RECOG_EVENT_START",
        "KEY|a",
        "__AV_SETMODEL,mei",
        "__AV_EXMORPH,smile=0.5,blink=1",
        "__AVCONF_DISABLEAUTOLIP,AU+ARKIT",
        "__AV_MESSAGE,SYNTH_START|mei|normal|a,b",
        "SNDFILE",
    ],
)
def test_a_right_message_has_no_hint(line: str) -> None:
    assert [hint for hint in found(line, AnnouncedState()) if hint[0] != "H408"] == []
