"""What a person is told of a message or a code."""

import re

import pytest

from mdxdash.catalog.codes import CODES
from mdxdash.catalog.entry import Entry
from mdxdash.catalog.explanation import explain
from mdxdash.catalog.lookup import entries
from mdxdash.language.translation import text_in

FST_LOAD = next(entry for entry in entries() if entry.name == "FST_LOAD")


def test_prompt_show_takes_9_items_and_the_documentation_says_15() -> None:
    text = explain("PROMPT_SHOW")
    assert re.search(r"1-9 items", text)
    assert re.search(r"documentation is wrong: .*15 items", text)


def test_without_a_topic_all_codes_are_listed() -> None:
    text = explain()
    assert all(f"{code}  " in text for code in CODES)


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_explained(code: str) -> None:
    text = explain(code)
    assert text.startswith(code)
    assert CODES[code].meaning in text


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.name)
def test_every_message_is_explained_with_all_that_is_known(entry: Entry) -> None:
    text = explain(entry.name)
    known = (entry.summary.en, entry.notes, entry.doc_conflict, entry.hazard)
    assert all(fact in text for fact in known)


@pytest.mark.parametrize(
    ("type_", "part"),
    [
        ("MODEL_DELETE", "deleted while MOTIONCAPTURE_START records it"),
        ("MOTIONCAPTURE_START", "end it with MOTIONCAPTURE_STOP before the model goes"),
        ("WINDOWFRAME", "a file that exists but is no image"),
        ("WINDOWFRAME_ADD", "a file that exists but is no image"),
        ("WINDOWOVERLAY_ADD", "a file that exists but is no image"),
        ("SPEAK_START", "a file that cannot be read freezes the agent for good"),
        ("FST_LOAD", "companions main.fst*.fst"),
        ("FST_LOAD", "content started without any FST"),
    ],
)
def test_what_was_observed_to_harm_the_agent_is_explained(type_: str, part: str) -> None:
    assert re.search(f"\nHazard: .*{re.escape(part)}", explain(type_))


def test_a_hazard_is_told_with_the_code_that_checks_it() -> None:
    assert "C203 (refused)" in explain("RECOG_MODIFY")


def test_the_arguments_are_told_with_choices_and_defaults() -> None:
    text = explain("MOVE_START")
    assert "MOVE_START|model alias|position x,y,z|[frame]|[speed units/sec]" in text
    assert "one of GLOBAL, LOCAL; default GLOBAL; optional" in text


def test_replies_name_the_arguments_of_their_own_form() -> None:
    assert "MODEL_EVENT_BINDFACE|(key name)|(model alias)|(morph name)" in explain("MODEL_BINDFACE")


def test_letter_case_does_not_matter() -> None:
    assert explain("prompt_show") == explain("PROMPT_SHOW")
    assert explain("c201") == explain("C201")


def test_a_family_is_told_whole() -> None:
    assert explain("MENU").count("(command, core, menu)") == 4


def test_the_japanese_one_has_japanese_headings() -> None:
    text = explain("PROMPT_SHOW", "ja")
    assert "選択肢から" in text
    assert "公式文書との相違" in text


def test_an_unknown_topic_names_the_nearest() -> None:
    with pytest.raises(LookupError, match="did you mean SYNTH_START"):
        explain("SYNTHSTART")


def test_a_message_is_explained_line_by_line() -> None:
    assert explain("FST_LOAD").split("\n") == [
        "FST_LOAD  (command, VIManager, script)",
        "Replace the running dialogue script by another FST",
        "",
        "Arguments: FST_LOAD|fst file|[initial state]",
        "  1  fst file: file; .fst",
        "  2  initial state: text; default 0; optional",
        "Count enforced by the agent: 1 – 2",
        "",
        f"Notes: {FST_LOAD.notes}",
        "",
        f"Hazard: {FST_LOAD.hazard}",
        "",
        "Checked by:",
        f"  A301 (ask)  {CODES['A301'].meaning}",
        f"  A313 (ask)  {CODES['A313'].meaning}",
    ]


def test_a_message_is_explained_in_japanese() -> None:
    assert explain("FST_LOAD", "ja").split("\n") == [
        "FST_LOAD  (command, VIManager, script)",
        "対話スクリプト(FST)を別のものに切り替える",
        "",
        "引数: FST_LOAD|fst file|[initial state]",
        "  1  fst file: file; .fst",
        "  2  initial state: text; 既定値 0; 省略可",
        "本体が検査する引数の数: 1 – 2",
        "",
        f"補足: {text_in('ja', FST_LOAD.notes)}",
        "",
        f"危険: {text_in('ja', FST_LOAD.hazard)}",
        "",
        "検査:",
        f"  A301 (ask)  {text_in('ja', CODES['A301'].meaning)}",
        f"  A313 (ask)  {text_in('ja', CODES['A313'].meaning)}",
    ]


@pytest.mark.parametrize(
    ("type_", "line"),
    [
        ("AUDIO_START", "Use instead: SOUND_START"),
        ("EXECUTE", "Works only on: Windows"),
        ("EXECUTE", "Count enforced by the agent: 1 – ∞"),
        ("EXECUTE", "(read from the source, not tried)"),
        ("MODEL_DELETE", "Count enforced by the agent: 1"),
        ("WINDOWFRAME_DELETEALL", "Arguments: none"),
        ("CAMERA", "or: CAMERA|camera motion file"),
        ("CAMERA", "  1  camera motion file: file; .vmd"),
        ("__AV_SETMODEL", "Arguments: __AV_SETMODEL,model alias"),
        ("__AV_MESSAGE", "Arguments: __AV_MESSAGE,message line"),
        ("SNDxxxx", "Arguments: SNDxxxxxxxx = 4 decimal digits, then that many bytes"),
        ("MENU|ADD", "MENU|ADD  (command, core, menu)"),
        ("VALUE_GET", "  VALUE_EVENT_GET|(variable alias)|*  (now)"),
        ("TIMER_START", "  TIMER_EVENT_STOP|(timer alias)  (when it has ended)"),
        ("PROMPT_SHOW", "  PROMPT_EVENT_SELECTED|*  (after the user acted)"),
        ("PLUGIN_ENABLE", "  PLUGIN_EVENT_ENABLE|(plugin name)  (in some states)"),
    ],
)
def test_an_explanation_has_this_line(type_: str, line: str) -> None:
    assert line in explain(type_).split("\n")


def test_only_what_is_checked_by_a_command_has_a_count() -> None:
    assert "Count enforced" not in explain("TIMER_STOP")
    assert "Count enforced" not in explain("MODEL_EVENT_ADD")


def test_no_reply_is_listed_twice() -> None:
    for entry in entries():
        lines = [line for line in explain(entry.name).split("\n") if line.startswith("  ")]
        replies = [line for line in lines if line.endswith(("(now)", "(when it has ended)"))]
        assert len(replies) == len(set(replies))


def test_a_code_is_explained_line_by_line() -> None:
    code = CODES["C203"]
    assert explain("C203").split("\n") == [
        "C203  refused: never sent",
        code.meaning,
        code.remedy,
        "RECOG_MODIFY",
    ]
    assert explain("C202", "ja").split("\n")[0] == "C202  refused: 送信しない"
    assert explain("C202").split("\n")[-1] == "INFOTEXT_FILE, INFOTEXT_STRING"


def test_a_code_without_remedy_and_messages_has_two_lines() -> None:
    assert explain("W101").split("\n") == ["W101  refused: never sent", CODES["W101"].meaning]


def test_the_codes_are_listed_by_severity() -> None:
    lines = explain().split("\n")
    titles = [line for line in lines if not line.startswith("  ")]
    assert titles == ["refused: never sent", "ask: sent when confirmed", "hint: only reported"]
    assert lines[1] == f"  W101  {CODES['W101'].meaning}"
    assert len(lines) == len(CODES) + 3
    assert explain(None, "ja").split("\n")[0] == "refused: 送信しない"


def test_an_unknown_topic_without_a_near_one_is_only_refused() -> None:
    with pytest.raises(LookupError) as caught:
        explain(" QQQQ ")
    assert caught.value.args == ("QQQQ is neither a code nor a message of MMDAgent-EX",)
