"""Checking messages: each hazard is refused or asked about, safe messages are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.catalog.check import Finding, check, dangers, harms
from mdxdash.catalog.codes import CODES, SEVERITIES
from mdxdash.catalog.dissect import dissect_command
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
        ("SPEAK_START|mei|a.txt", "A310"),
        ("SPEAK_START|mei|no-ending", "A310"),
        ("__AV_MESSAGE,SPEAK_START|mei|a.txt", "A310"),
        ("WINDOWFRAME|a.gif", "A311"),
        ("WINDOWFRAME_ADD|f|a.png.txt", "A311"),
        ("WINDOWOVERLAY_ADD|o|a.txt|1|1|CENTER|0", "A311"),
        ("WINDOWOVERLAY_ADD||o|a.txt|1|1|CENTER|0", "A311"),
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
        ("MODEL_DELETE|mei", ["MOTIONCAPTURE_START|mei|a.vmd"], "A312"),
        ("MODEL_CHANGE|mei|b.pmd", ["MOTIONCAPTURE_START|mei|a.vmd"], "A312"),
        ("MODEL_CHANGE_ASYNC|mei|b.pmd", ["MOTIONCAPTURE_START|mei|a.vmd"], "A312"),
        ("FST_LOAD|b.fst", ["SUBFST_EVENT_START|s", "FST_LOAD|a.fst"], "A313"),
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
        ("FST_LOAD|a.fst", ["SUBFST_EVENT_START|s", "FST_LOAD|a.fst"]),
        ("SPEAK_START|mei|a.wav", ["SPEAK_EVENT_START|mei", "SPEAK_EVENT_STOP"]),
        ("SPEAK_START|mei|a.FLAC", []),
        ("WINDOWFRAME|NONE", []),
        ("WINDOWFRAME_ADD|f|a.PNG", []),
        ("MODEL_DELETE|mei", []),
        ("MODEL_DELETE|mei", ["MOTIONCAPTURE_START|gene|a.vmd"]),
        ("MODEL_DELETE|mei", ["MOTIONCAPTURE_START|mei|a.vmd", "MOTIONCAPTURE_STOP|mei"]),
        ("MODEL_DELETE|mei", ["MOTIONCAPTURE_START|mei|a.vmd", "MODEL_EVENT_DELETE|mei"]),
        (BUTTON + "|message,TEST|ON", [BUTTON + "|message,TEST|ON", "BUTTON_EVENT_ADD|b"]),
        ("PLUGIN_DISABLE|Audio", []),
        ("REMOTEKEY_CHAR|r", []),
    ],
)
def test_what_is_proven_safe_is_not_asked(line: str, past: list[str]) -> None:
    assert {f.severity for f in check(parse_message(line), after(*past))} <= {"hint"}


HAZARDS_WITHOUT_A_CODE = {
    "SNDxxxx": "the wire sends no line that begins so, and encodes blocks of sound by itself",
    "MOTIONCAPTURE_START": "what harms is the end of the model while it is recorded",
}


@pytest.mark.parametrize("entry", [e for e in entries() if e.hazard], ids=lambda entry: entry.name)
def test_every_hazard_has_a_code_that_stops_it_or_a_reason(entry: Entry) -> None:
    codes = [c for c in CODES.values() if entry.name in c.types and c.severity != "hint"]
    assert bool(codes) != (entry.name in HAZARDS_WITHOUT_A_CODE)


@pytest.mark.parametrize(
    ("line", "past", "texts"),
    [
        ("", [], ["W101 the line is empty; a message is TYPE or TYPE|arg|arg"]),
        ("A|b\nC", [], ["W102 A|b\\nC: holds a newline"]),
        ("|A|b", [], ["W105 |A|b: no type before the first bar"]),
        (
            "BUTTON_ADD|b|1|10,10|ok.png|message TEST|ON",
            [],
            [
                "C201 the action `message TEST` crashes the agent; "
                "it must begin with one of `open,` `play,` `message,` `setkeyvalue,`"
            ],
        ),
        (
            "BUTTON_ADD|b|1|10,10|ok.png|message,TEST|ON",
            [],
            ["A307 crashes the agent if the image ok.png is not found"],
        ),
        (
            "INFOTEXT_FILE|a.txt|title|0,1,2,3,4,5,6,7,8,9,10",
            [],
            ["C202 11 button labels; the agent crashes at 11, 10 is most"],
        ),
        ("INFOTEXT_FILE|a.txt|title|0,1,2,3,4,5,6,7,8,9", [], []),
        (
            "RECOG_MODIFY|GAIN",
            [],
            ["C203 GAIN without a value crashes the agent; write RECOG_MODIFY|GAIN|1.0"],
        ),
        (
            "TEXTAREA_SET|board",
            [],
            ["A308 crashes the agent if a text board board exists; write _ for no text"],
        ),
        (
            "TEXTAREA_SET|board",
            ["TEXTAREA_EVENT_ADD|board"],
            ["C204 crashes the agent: board exists, and the text is empty; write _ for it"],
        ),
        ("TEXTAREA_SET", [], []),
        ("TEXTAREA_SET|board|x", ["TEXTAREA_EVENT_ADD|board"], []),
        (
            "FST_LOAD|b.fst",
            [],
            [
                "A301 crashes the agent if its content was started without any FST",
                "A313 crashes the agent if a b.fst*.fst is beside it",
            ],
        ),
        (
            "MODEL_DELETE|mei",
            ["MOTIONCAPTURE_START|mei|a.vmd"],
            ["A312 mei's motion is being recorded; this may crash the agent"],
        ),
        (
            "SPEAK_START|mei|a.txt",
            [],
            [
                "A310 a.txt does not end in .wav .mp3 .flac .ogg; "
                "freezes the agent for good if it is no sound"
            ],
        ),
        (
            "WINDOWFRAME|a.txt",
            [],
            [
                "A311 a.txt does not end in .png .jpg .jpeg .bmp .tga; "
                "crashes the agent if it exists and is no image"
            ],
        ),
        (
            "SUBFST_START|s|b.fst",
            [],
            ["A301 crashes the agent if no main FST runs, and none is proven to"],
        ),
        (
            "SUBFST_START_IF|s|b.fst",
            [],
            ["A301 crashes the agent if no main FST runs, and none is proven to"],
        ),
        (
            "SPEAK_START|mei|a.wav",
            ["SPEAK_EVENT_START|gene"],
            ["A304 gene is still speaking; the agent freezes until that has ended"],
        ),
        (
            "NETWORK_GET|n|http://x/|a",
            ["PLUGIN_EVENT_DISABLE|Network"],
            ["A305 the Network plugin was switched off; NETWORK_GET then crashes the agent"],
        ),
        (
            "PLUGIN_DISABLE|Network",
            [],
            ["A309 the next NETWORK_GET, from anyone, will crash the agent"],
        ),
        (
            "PLUGIN_DISABLE|Remote",
            [],
            ["A306 cuts the agent's connection to this hub, and does not open it again"],
        ),
        ("OPEN_CONTENT|b.mdf", [], ["A306 cuts the connection: the agent restarts with b.mdf"]),
        ("OPEN_CONTENT", [], []),
        (
            "REMOTEKEY_CHAR|R",
            [],
            ["A306 the key R makes the agent load its content again, which may disconnect"],
        ),
        ("REMOTEKEY_CHAR|q", [], []),
        (
            "VALUE_UNSET|b",
            [START, A, B, C],
            ["A302 if b is neither the first nor the last set, the agent may hang"],
        ),
        ("VALUE_UNSET", [START, A, B, C], []),
        (
            "VALUE_EVAL|a|EQ|1",
            [A, B, C, "VALUE_EVENT_UNSET|b"],
            ["A303 a middle variable was removed; looking one up is expected to hang the agent"],
        ),
        (
            "VALUE_UNSET|a",
            [A, B, C, "VALUE_EVENT_UNSET|b"],
            ["A303 a middle variable was removed; looking one up is expected to hang the agent"],
        ),
    ],
)
def test_what_is_refused_or_asked_about_says_why(
    line: str, past: list[str], texts: list[str]
) -> None:
    message, state = parse_message(line), after(*past)
    expected = [one for one in check(message, state) if one.severity != "hint"]
    assert [str(one) for one in expected] == texts
    assert list(dangers(message, state)) == expected


def test_hints_follow_what_is_asked_about() -> None:
    findings = check(parse_message("FST_LOAD|x.txt"))
    assert [one.code for one in findings] == ["A301", "A313", "H414"]


def test_a_message_without_a_type_has_no_hints() -> None:
    assert [one.code for one in check(Message("__AV_MESSAGE,"))] == ["W101"]


def test_harms_do_not_include_what_cannot_be_encoded() -> None:
    line = "RECOG_MODIFY|GAIN\n"
    assert [one.code for one in check(parse_message(line))][:1] == ["W102"]
    assert harms(dissect_command("OPEN_CONTENT|a\0"))[0].code == "A306"
    assert harms(None) == ()


def test_the_most_severe_comes_first() -> None:
    severities = [f.severity for f in check(parse_message("TEXTAREA_SET|t"), AnnouncedState())]
    assert len(set(severities)) > 1
    assert severities == sorted(severities, key=SEVERITIES.index)


TYPES = st.sampled_from([entry.name for entry in entries()] + ["__AV_MESSAGE,", "SND", ""])
ARGUMENTS = st.lists(
    st.text(max_size=8) | st.sampled_from(["GAIN", "1,2,3", "ON", "mei"]), max_size=12
)


@given(TYPES | st.text(), ARGUMENTS.map("|".join))
def test_any_message_is_checked_with_known_codes(type: str, args: str) -> None:
    for finding in check(Message(type, args), AnnouncedState()):
        assert isinstance(finding, Finding)
        assert finding.severity == CODES[finding.code].severity
        assert finding.text


@pytest.mark.parametrize(
    ("line", "meant"),
    [("SYNTHSTART|a", ["SYNTH_START"]), ("TEST_MESSAGE", [""]), ("SYNTH_START|0|v|t", [])],
)
def test_a_finding_names_what_was_probably_meant(line: str, meant: list[str]) -> None:
    assert [finding.meant for finding in check(parse_message(line))] == meant
