"""An utterance in words, for the stream and for a terminal."""

from mdxdash.speech.utterance import Utterance


def describe_start(utterance: Utterance) -> str:
    """Returns what is shown when an utterance begins: `model 0 speaks greet.wav, 3.2 s`."""
    seconds = utterance.seconds
    length = "" if seconds is None else f", {seconds:.1f} s"
    return f"model {utterance.model} speaks {utterance.text or utterance.name}{length}"


def describe_end(utterance: Utterance) -> str:
    """Returns what is shown when an utterance is over, as computed."""
    name = utterance.text or utterance.name
    if utterance.state == "failed":
        return f"model {utterance.model} does not speak {name}: {utterance.failure}"
    latency = utterance.latency if utterance.text else None
    late = "" if latency is None else f", first sound after {latency:.2f} s"
    late += f", {utterance.late} late blocks" if utterance.late else ""
    if utterance.stopped is None:
        sent = f"{utterance.sent:.1f} s{late} (computed)"
        more = f"; {utterance.doubt}" if utterance.doubt else ""
        return f"model {utterance.model} has spoken {name}, {sent}{more}"
    heard = utterance.stopped.heard
    said = f": heard {utterance.stopped.text!r}" if utterance.stopped.text else ""
    return (
        f"model {utterance.model} was stopped in {name} after {heard:.1f} s{late}{said} (computed)"
    )
