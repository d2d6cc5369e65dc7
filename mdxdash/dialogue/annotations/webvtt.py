"""What was said as subtitles: WebVTT (W3C), with a voice for each speaker."""

from typing import Final

from mdxdash.dialogue.annotations.tiers import Annotation, Annotations
from mdxdash.events.printable import printable

_SPOKEN: Final = ("user", "speech", "file")

_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def webvtt_bytes(annotations: Annotations) -> bytes:
    """Returns the subtitles, in UTF-8, by time."""
    cues = sorted(
        (annotation, tier.lane.model or tier.lane.kind)
        for tier in annotations.tiers
        if tier.lane.kind in _SPOKEN
        for annotation in tier.annotations
    )
    blocks = ["WEBVTT\n", *(_cue(annotation, voice) for annotation, voice in cues)]
    return "\n".join(blocks).encode("utf-8", "replace")


def _cue(annotation: Annotation, voice: str) -> str:
    name = printable(voice).translate(_ESCAPES)
    text = printable(annotation.label).translate(_ESCAPES)
    return f"{_time(annotation.begin)} --> {_time(annotation.end)}\n<v {name}>{text}\n"


def _time(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"
