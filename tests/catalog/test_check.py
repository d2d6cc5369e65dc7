"""Judging messages: each hazard refused or asked, each mistake told, right ones let through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.catalog.check import Finding, check
from mdxdash.catalog.codes import CODES, SEVERITIES
from mdxdash.catalog.entry import Entry
from mdxdash.catalog.lookup import entries
from mdxdash.wire.message import Message, parse_message
from tests.catalog.test_announced import START, A, B, C, after

BUTTON = "BUTTON_ADD|b|1|10,10|ok.png"
LABELS = ",".join(map(str, range(11)))


def found(line: str, state: AnnouncedState | None = None) -> dict[str, str]:
    """Code to text of what there is to say about a line."""
    return {finding.code: finding.text for finding in check(parse_message(line), state)}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("", "W101"),
        ("A|b\nC", "W102"),
        ("A|\0", "W102"),
        ("A|\ud83d", "W103"),
        ("A|" + "あ" * 700, "W104"),
        ("|A|b", "W105"),
        (BUTTON + "|message TEST|ON", "C201"),
        (BUTTON + "|keyvalueset,a=b|ON", "C201"),
        (BUTTON + "|message,|ON", "C201"),
        ("BUTTON_ADD||b|1|10,10|ok.png|message TEST|ON", "C201"),
        (f"INFOTEXT_FILE|a.txt|title|{LABELS}", "C202"),
        (f"INFOTEXT_STRING|text|title|{LABELS}|1.0", "C202"),
        (f"INFOTEXT_STRING||text|title|{LABELS}", "C202"),
        ("RECOG_MODIFY|GAIN", "C203"),
        ("RECOG_MODIFY|GAIN|", "C203"),
        ("__AV_MESSAGE,RECOG_MODIFY|GAIN", "C203"),
        ("__AV_MESSAGE,|A", "W105"),
    ],
)
def test_what_would_harm_an_agent_is_refused(line: str, code: str) -> None:
    finding = check(parse_message(line))[0]
    assert (finding.code, finding.severity) == (code, "refused")


@pytest.mark.parametrize(
    "line", ["TEXTAREA_SET|board", "TEXTAREA_SET|board|", "TEXTAREA_SET||board"]
)
def test_a_text_board_that_lives_is_not_set_to_nothing(line: str) -> None:
    finding = check(parse_message(line), after("TEXTAREA_EVENT_ADD|board"))[0]
    assert (finding.code, finding.severity) == ("C204", "refused")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("FST_LOAD|other.fst", "A301"),
        ("SUBFST_START|s|other.fst", "A301"),
        ("SUBFST_START_IF|s|other.fst", "A301"),
        ("VALUE_UNSET|a", "A302"),
        ("PLUGIN_DISABLE|Remote", "A306"),
        ("OPEN_CONTENT|other.mdf", "A306"),
        ("REMOTEKEY_CHAR|R", "A306"),
        (BUTTON + "|message,TEST|ON", "A307"),
        ("TEXTAREA_SET|board|", "A308"),
        ("PLUGIN_DISABLE|Network", "A309"),
        ("__AV_MESSAGE,PLUGIN_DISABLE|Remote", "A306"),
    ],
)
def test_what_may_harm_an_unknown_agent_is_asked(line: str, code: str) -> None:
    finding = check(parse_message(line))[0]
    assert (finding.code, finding.severity) == (code, "ask")


@pytest.mark.parametrize(
    ("line", "past", "code"),
    [
        ("VALUE_UNSET|b", [START, A, B, C], "A302"),
        ("VALUE_GET|a", [A, B, C, "VALUE_EVENT_UNSET|b"], "A303"),
        ("VALUE_SET|z|1", [A, B, C, "VALUE_EVENT_UNSET|b"], "A303"),
        ("SPEAK_START|mei|a.wav", ["SPEAK_EVENT_START|mei"], "A304"),
        ("NETWORK_GET|n|http://x/|a", ["PLUGIN_EVENT_DISABLE|Network"], "A305"),
        ("SUBFST_START|s|a.fst", ["SUBFST_EVENT_START|s", "FST_LOAD|b.fst"], "A301"),
    ],
)
def test_what_the_agents_past_makes_dangerous_is_asked(
    line: str, past: list[str], code: str
) -> None:
    finding = check(parse_message(line), after(*past))[0]
    assert (finding.code, finding.severity) == (code, "ask")


@pytest.mark.parametrize(
    ("line", "past"),
    [
        ("VALUE_UNSET|c", [START, A, B, C]),
        ("VALUE_GET|a", [START, A, B, C, "VALUE_EVENT_UNSET|c"]),
        ("SPEAK_START|mei|a.wav", ["SPEAK_EVENT_START|mei", "SPEAK_EVENT_STOP|mei"]),
        ("NETWORK_GET|n|http://x/|a", []),
        ("SUBFST_START|s|a.fst", ["SUBFST_EVENT_START|other"]),
        ("FST_LOAD|b.fst", ["SUBFST_EVENT_START|s", "FST_LOAD|a.fst"]),
        (BUTTON + "|message,TEST|ON", [BUTTON + "|message,TEST|ON", "BUTTON_EVENT_ADD|b"]),
        ("PLUGIN_DISABLE|Audio", []),
        ("REMOTEKEY_CHAR|r", []),
    ],
)
def test_what_is_proven_safe_is_not_asked(line: str, past: list[str]) -> None:
    assert {f.severity for f in check(parse_message(line), after(*past))} <= {"hint"}


_FILE_UNKNOWN = "whether the agent can load the file is not known on this side"
_RECORDING = "the catalog does not follow which models MOTIONCAPTURE_START records"
HAZARDS_WITHOUT_A_CODE = {
    "SNDxxxx": "the wire sends no line that begins so, and encodes blocks of sound by itself",
    "WINDOWFRAME": _FILE_UNKNOWN,
    "WINDOWFRAME_ADD": _FILE_UNKNOWN,
    "WINDOWOVERLAY_ADD": _FILE_UNKNOWN,
    "MODEL_DELETE": _RECORDING,
    "MOTIONCAPTURE_START": _RECORDING,
}


@pytest.mark.parametrize("entry", [e for e in entries() if e.hazard], ids=lambda entry: entry.name)
def test_every_hazard_has_a_code_that_stops_it_or_a_reason(entry: Entry) -> None:
    codes = [c for c in CODES.values() if entry.name in c.types and c.severity != "hint"]
    assert bool(codes) != (entry.name in HAZARDS_WITHOUT_A_CODE)


@pytest.mark.parametrize(
    ("line", "code", "part"),
    [
        ("SYNTHSTART|a", "H401", "did you mean SYNTH_START?"),
        ("TEST_MESSAGE", "H401", "not a message of MMDAgent-EX"),
        ("MENU|FOO|x", "H401", "there is ADD, SETITEM, DELETEITEM, DELETE"),
        ("__AV_NOSUCH,1", "H401", "dropped"),
        ("AUDIO_START|a|b.wav", "H402", "use SOUND_START"),
        ("RECOG_LOGLOC", "H402", "no effect"),
        ("MODEL_EVENT_ADD|mei", "H403", "event"),
        ("PROMPT_SHOW|q" + "|x" * 10, "H404", "10 at most (9 items)"),
        ("SYNTH_START|mei|hello", "H404", "takes 3"),
        ("CAPTION_SETSTYLE|a|default|1,1,1,1|0,0,0,1,2", "H404", "takes 3 or 6"),
        ("MODEL_BINDBONE|mei|head|0,0,0|0,0,0|x", "H404", "takes 4 or 9"),
        ("TIMER_STOP|a|b", "H404", "all of `a|b` as its timer alias"),
        ("MODEL_ADD|a|a.pmd|0,0,0|0,0,0|on", "H405", "write ON"),
        ("MOVE_START|mei|0,0,0|WORLD", "H405", "GLOBAL, LOCAL"),
        ("SYNTH_START||normal|hello", "H406", "`normal` takes its place"),
        ("MOVE_START|mei|", "H406", "argument 2 is empty"),
        ("MOVE_START|mei|0,0", "H407", "`0,0` is not three numbers"),
        ("TIMER_START|t|soon", "H407", "not a number"),
        ("PROMPT_SHOW|q|a", "H408", "Docs allow 15 items"),
        ("RECOG_RECORD_START|dir", "H409", "silently dropped"),
        ("EXECUTE|notepad.exe", "H410", "Windows only"),
        ("SNDFOO|x", "H413", "message of this name"),
        ("SND0004abcd", "H413", "not as sound"),
        ("MODEL_ADD|a|a.pmx", "H414", "does not end in .pmd"),
        ("__AV_SETMODEL|mei", "H415", "comma"),
    ],
)
def test_what_looks_wrong_is_hinted(line: str, code: str, part: str) -> None:
    assert part in found(line)[code]
    assert CODES[code].severity == "hint"


def test_a_name_that_lives_is_not_free() -> None:
    assert "H411" in found("MODEL_ADD|mei|a.pmd", after("MODEL_EVENT_ADD|mei"))


def test_a_name_that_nobody_announced_is_doubted_only_if_others_are_known() -> None:
    assert "H412" in found("MODEL_DELETE|mey", after("MODEL_EVENT_ADD|mei"))
    assert "H412" not in found("MODEL_DELETE|mey", AnnouncedState())


def test_a_motion_is_looked_for_in_its_own_model() -> None:
    state = after("MODEL_EVENT_ADD|a", "MOTION_EVENT_ADD|a|walk", "MOTION_EVENT_ADD|b|wave")
    assert "H412" in found("MOTION_DELETE|a|wave", state)
    assert "H412" not in found("MOTION_DELETE|a|walk", state)


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
def test_a_right_message_is_let_through_without_a_word(line: str) -> None:
    texts = {code: text for code, text in found(line, AnnouncedState()).items() if code != "H408"}
    assert texts == {}


def test_the_gravest_comes_first() -> None:
    severities = [f.severity for f in check(parse_message("TEXTAREA_SET|t"), AnnouncedState())]
    assert len(set(severities)) > 1
    assert severities == sorted(severities, key=SEVERITIES.index)


TYPES = st.sampled_from([entry.name for entry in entries()] + ["__AV_MESSAGE,", "SND", ""])
ARGUMENTS = st.lists(
    st.text(max_size=8) | st.sampled_from(["GAIN", "1,2,3", "ON", "mei"]), max_size=12
)


@given(TYPES | st.text(), ARGUMENTS.map("|".join))
def test_any_message_is_judged_with_known_codes(type: str, args: str) -> None:
    for finding in check(Message(type, args), AnnouncedState()):
        assert isinstance(finding, Finding)
        assert finding.severity == CODES[finding.code].severity
        assert finding.text
