"""Subtitles."""

from mdxdash.dialogue.annotations.tiers import annotate
from mdxdash.dialogue.annotations.webvtt import webvtt_bytes
from tests.support.dialogues import BEGIN, follow


def test_what_was_said_is_a_cue_with_a_voice() -> None:
    followed = follow(
        "0 TIMER_EVENT_START|t",
        "1 RECOG_EVENT_START",
        "2 RECOG_EVENT_STOP|天気は",
        "2.1 SYNTH_START|gene|s|晴れ <b> & 雨 --> 雪",
        "2.25 SYNTH_EVENT_START|gene",
        "3661.5 SYNTH_EVENT_STOP|gene",
    )
    text = webvtt_bytes(annotate(followed.intervals, BEGIN, BEGIN + 4000)).decode()
    assert text == (
        "WEBVTT\n\n"
        "00:00:01.000 --> 00:00:02.000\n<v user>天気は\n\n"
        "00:00:02.250 --> 01:01:01.500\n<v gene>晴れ &lt;b&gt; &amp; 雨 --&gt; 雪\n"
    )
