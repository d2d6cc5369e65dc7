"""What a person is told of a message or a code."""

import re

import pytest

from mdxdash.catalog.codes import CODES
from mdxdash.catalog.entry import Entry
from mdxdash.catalog.explanation import explain
from mdxdash.catalog.lookup import entries


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
