"""An utterance in words, for the stream and for a terminal."""

from mdxdash.events.own_activity import speech_begins, speech_stopped
from mdxdash.language.translation import N_
from mdxdash.speech.utterance import Utterance


def describe_start(utterance: Utterance) -> str:
    """Returns what is shown when an utterance begins: `model 0 speaks for 3.2 s: greet.wav`."""
    return speech_begins(utterance.model, utterance.text or utterance.name, utterance.seconds)


def describe_end(utterance: Utterance) -> str:
    """Returns what is shown when an utterance is over, as computed."""
    name = utterance.text or utterance.name
    if utterance.state == "failed":
        return N_("model {model} does not speak {name}: {failure}").format(
            model=utterance.model, name=name, failure=utterance.failure
        )
    latency = utterance.latency if utterance.text else None
    late = (
        "" if latency is None else N_(", first sound after {latency:.2f} s").format(latency=latency)
    )
    late += N_(", {late} late blocks").format(late=utterance.late) if utterance.late else ""
    if utterance.stopped is None:
        sent = f"{utterance.sent:.1f} s{late} (computed)"
        more = f"; {utterance.doubt}" if utterance.doubt else ""
        return N_("model {model} has spoken {name}, {sent}{more}").format(
            model=utterance.model, name=name, sent=sent, more=more
        )
    heard = utterance.stopped.heard
    said = (
        N_(": heard {text!r}").format(text=utterance.stopped.text) if utterance.stopped.text else ""
    )
    return speech_stopped(utterance.model, name, heard, f"{late}{said}")
