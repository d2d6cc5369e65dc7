"""The turns of a recording, all at once."""

from pathlib import Path

from mdxdash.dialogue.tracker import Dialogue
from mdxdash.dialogue.turn import Turn
from mdxdash.recordings.opening import open_recording


def read_turns(path: Path) -> list[Turn]:
    """Returns the turns of a recording, or of another file with events, in order. Blocks.

    Raises `RecordingError` and `OSError`.
    """
    turns: dict[int, Turn] = {}
    dialogue = Dialogue(on_turn=lambda turn: turns.__setitem__(turn.number, turn))
    for chunk in open_recording(path).read_chunks():
        for event in chunk:
            dialogue.add(event)
    dialogue.finish()
    return [turns[number] for number in sorted(turns)]
