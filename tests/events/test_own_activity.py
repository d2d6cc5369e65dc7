"""The sentences about speech and macros: what is written is read again."""

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdxdash.events.own_activity import (
    RunEnd,
    read_run_ended,
    read_speech_begins,
    read_speech_stopped,
    run_ended,
    speech_begins,
    speech_stopped,
)
from mdxdash.language.translation import localized, use

TEXTS = st.one_of(
    st.text(),
    st.sampled_from(
        [
            "hello, 3.0 s",
            "for 1.0 s: hello",
            ": hello",
            "he was stopped in time",
            "model 0 was stopped in it",
            "two\nlines, 1.0 s",
            "x failed after 1.0 s",
        ]
    ),
)


@settings(max_examples=60)
@given(model=TEXTS, said=TEXTS, seconds=st.none() | st.floats(0, 1e4))
def test_what_is_said_is_read_as_it_was_written(model: str, said: str, seconds: float | None):
    text = speech_begins(model, said, seconds)
    assert read_speech_begins(text, model) == said


@settings(max_examples=60)
@given(model=TEXTS, said=TEXTS, more=st.sampled_from(["", ", 2 late blocks"]))
def test_a_stopped_speech_is_read_as_stopped_and_no_other(model: str, said: str, more: str):
    assert read_speech_stopped(speech_stopped(model, said, 1.2, more), model)
    assert not read_speech_stopped(f"model {model} has spoken {said}, 1.2 s (computed)", model)


@settings(max_examples=60)
@given(macro=TEXTS, state=st.sampled_from(get_args(RunEnd)), seconds=st.floats(0, 1e6))
def test_the_end_of_a_run_is_read_as_it_was_written(macro: str, state: str, seconds: float):
    assert read_run_ended(run_ended(macro, state, seconds), macro) == state


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("model 0 speaks greet.wav, 3.2 s", "greet.wav"),
        ("model 0 speaks hello, you, 2.0 s", "hello, you"),
        ("model 0 speaks hello", "hello"),
        ("model 1 speaks: hello", ""),
        ("", ""),
    ],
)
def test_older_recordings_are_read_too(text: str, said: str):
    assert read_speech_begins(text, "0") == said


def test_the_end_of_a_run_has_its_state_in_the_language_in_use():
    use("ja")
    assert localized(run_ended("Greet", "passed", 0.04)) == "マクロ Greet 成功 (0.0 秒)"
    assert localized(run_ended("A b", "failed", 1.2)) == "マクロ A b 失敗 (1.2 秒)"
