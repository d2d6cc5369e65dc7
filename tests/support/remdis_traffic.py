"""What the modules of Remdis publish in a dialogue, written from the form of their units and from
how its modules behave.

* The microphone's sound (`ain`) and the scores of the voice activity (`score`) have no pause.
* The recogniser settles with a last token, or with an empty commit; before the next utterance it
  revokes what it has settled.
* A backchannel (`bc`) is said as a `dialogue` that nothing settles.
* An answer that is interrupted is revoked unit by unit, also where it was settled.
* The sound of an answer (`tts`) ends with a block of silence and an empty unit, both commits.
"""

import base64
import json
from array import array
from typing import Any

from mdxdash.events.event import Event, Kind
from mdxdash.remdis.folding import PAUSE, Folding
from mdxdash.remdis.row_notes import RowNotes

Traffic = list[tuple[float, str, bytes]]
"""Units with the seconds after which they come, and their exchanges, in order."""


def unit(update: str, body: Any, id_: str = "1", producer: str = "ASR", **more: Any) -> bytes:
    """One unit as it is on the wire."""
    fields = {"timestamp": 1.0, "id": id_, "producer": producer, "update_type": update}
    return json.dumps({**fields, "body": body, **more}).encode()


def block(seconds: float = 0.05, loudness: float = 0.5) -> str:
    """A block of sound: base64, 16 bit, 16 kHz."""
    samples = array("h", [int(loudness * 32_767)] * int(16_000 * seconds))
    return base64.b64encode(samples.tobytes()).decode()


def microphone(begin: float, end: float, loudness: float) -> Traffic:
    """The sound of the microphone: blocks of 5 ms, without a pause."""
    data = block(0.005, loudness)
    count = round((end - begin) / 0.005)
    return [
        (begin + number * 0.005, "ain", unit("add", data, f"i{begin}-{number}", "AIN"))
        for number in range(count)
    ]


def scores(begin: float, end: float) -> Traffic:
    """The scores of the voice activity, ten a second."""
    body = {"p_now": 0.25, "p_future": 0.75}
    count = round((end - begin) * 10)
    return [
        (begin + number / 10, "score", unit("add", body, f"s{begin}-{number}", "Audio_VAP"))
        for number in range(count)
    ]


def voice(begin: float, blocks: int, name: str) -> Traffic:
    """The agent's sound: blocks of 50 ms, each after 40 ms, and its end."""
    kind = {"producer": "TTS", "data_type": "audio"}
    found: Traffic = [
        (begin + number * 0.04, "tts", unit("add", block(), f"{name}{number}", **kind))
        for number in range(blocks)
    ]
    end = begin + blocks * 0.04
    silence = unit("commit", block(0.05, 0.0), f"{name}-silence", **kind)
    return [*found, (end, "tts", silence), (end, "tts", unit("commit", "", f"{name}-end", **kind))]


def turn() -> Traffic:
    """A turn of 4 seconds with all exchanges.

    The user speaks for 1 s, is recognised with a correction, and is settled at 1.4 s; meanwhile
    the agent nods. The answer is decided at 1.6 s, and heard from 1.9 s on for 1 s.
    """
    asr = [
        (0.3, unit("add", "今日", "a1", stability=0.0, confidence=0.99)),
        (0.5, unit("add", "歯", "a2", stability=0.0, confidence=0.99)),
        (0.7, unit("revoke", "歯", "a2", stability=0.0, confidence=0.99)),
        (0.7, unit("add", "は", "a3", stability=0.0, confidence=0.99)),
        (0.9, unit("add", "天気は", "a4", stability=0.0, confidence=0.99)),
        (1.4, unit("commit", "", "a5", stability=0.9, confidence=0.0)),
    ]
    expression = {"expression": "joy", "action": "nod"}
    look = {"producer": "Dialogue", "data_type": "expression_and_action"}
    found = [
        *microphone(0.0, 1.0, 0.3),
        *microphone(1.0, 4.0, 0.001),
        *((time, "asr", data) for time, data in asr),
        *scores(0.0, 4.0),
        (0.05, "vap", unit("add", "USER_TAKE_TURN", "v1", "Audio_VAP")),
        (0.6, "bc", unit("add", {"bc": "はい"}, "b1", "Text_VAP")),
        (0.61, "dialogue", unit("add", "はい", "d0", "Dialogue")),
        (0.62, "tts", unit("add", block(), "t0", "TTS", data_type="audio")),
        (0.65, "emo_act", unit("add", {"action": "nod"}, "m1", "Text_VAP")),
        (0.66, "dialogue2", unit("add", {"action": "nod"}, "e0", **look)),
        (1.5, "vap", unit("commit", "SYSTEM_TAKE_TURN", "v2", "Text_VAP")),
        (1.55, "dialogue2", unit("add", expression, "e1", **look)),
        (1.6, "dialogue", unit("add", "晴れ", "d1", "Dialogue")),
        (1.7, "dialogue", unit("add", "です。", "d2", "Dialogue")),
        (1.8, "dialogue", unit("commit", "", "d3", "Dialogue")),
        *voice(1.9, 25, "t"),
    ]
    return sorted(found, key=lambda each: each[0])


def interruption() -> Traffic:
    """The user speaks into an answer, which is revoked: after `turn`, from 2.3 s on."""
    asr = {"producer": "ASR", "stability": 0.0, "confidence": 0.99}
    look = {"producer": "Dialogue", "data_type": "expression_and_action"}
    settled = [unit("revoke", text, id_, **asr) for text, id_ in (("今日", "a1"), ("は", "a3"))]
    return [
        *((2.3, "asr", data) for data in settled),
        (2.3, "asr", unit("add", "待っ", "c1", **asr)),
        (2.4, "vap", unit("add", "USER_TAKE_TURN", "v3", "Audio_VAP")),
        (2.41, "dialogue2", unit("revoke", {"expression": "joy", "action": "nod"}, "e1", **look)),
        (2.42, "dialogue", unit("revoke", "晴れ", "d1", "Dialogue")),
        (2.43, "dialogue", unit("revoke", "です。", "d2", "Dialogue")),
        (2.5, "tts", unit("commit", "", "t-cut", "TTS", data_type="audio")),
        (2.6, "asr", unit("commit", "て", "c2", **asr)),
    ]


ABORTING = (
    ("tts", unit("add", block(), "x1", "TTS"), "without data_type"),
    ("tts", unit("add", None, "x2", "TTS", data_type="audio"), "body is null"),
    ("dialogue2", b"\x80 joy", "not JSON"),
)
"""The three kinds of units that end an agent, with the reason."""


def events_of(traffic: Traffic, begin: float = 1_700_000_000.0) -> list[Event]:
    """The events that a hub makes of the rows of traffic, when all is over."""
    folding, notes = Folding(), RowNotes()
    found: list[Event] = []
    end = traffic[-1][0] + 2 * PAUSE
    for seconds, exchange, data in [*traffic, (end, "", b"")]:
        now = begin + seconds
        rows = folding.take(exchange, data, now) if exchange else folding.settle(now)
        for note in filter(None, [notes.of(row, now) for row in rows]):
            kind: Kind = "fault" if note.fault else "log"
            found.append(
                Event(
                    len(found) + 1,
                    now,
                    kind,
                    "remdis",
                    args=note.args,
                    text=note.text,
                    module=note.module,
                    level=note.level,
                    by="remdis",
                )
            )
    return found
