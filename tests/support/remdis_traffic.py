"""What the modules of Remdis publish in a dialogue, written from the form of their units."""

import base64
import json
from array import array
from typing import Any


def unit(update: str, body: Any, id_: str = "1", producer: str = "ASR", **more: Any) -> bytes:
    """One unit as it is on the wire."""
    fields = {"timestamp": 1.0, "id": id_, "producer": producer, "update_type": update}
    return json.dumps({**fields, "body": body, **more}, ensure_ascii=False).encode()


def block(seconds: float = 0.05, loudness: float = 0.5) -> str:
    """A block of sound: base64, 16 bit, 16 kHz."""
    samples = array("h", [int(loudness * 32_767)] * int(16_000 * seconds))
    return base64.b64encode(samples.tobytes()).decode()


def turn() -> list[tuple[str, bytes]]:
    """A turn, as exchanges with their units: the user speaks and is recognised with a correction,
    the dialogue answers, the agent speaks."""
    asr = [
        unit("add", "今日", "a1", stability=0.5, confidence=0.8),
        unit("add", "歯", "a2"),
        unit("revoke", "歯", "a2"),
        unit("add", "は", "a3"),
        unit("add", "天気は", "a4"),
        unit("commit", "", "a5"),
    ]
    found = [("ain", unit("add", block(0.005, 0.3), f"i{n}", "AIN")) for n in range(40)]
    found += [("asr", each) for each in asr]
    found += [("vap", unit("add", {"p_now": 0.9, "p_future": 0.8}, "v1", "VAP"))]
    found += [
        ("dialogue", unit("add", "晴れ", "d1", "Dialogue")),
        ("dialogue", unit("add", "です。", "d2", "Dialogue")),
        ("dialogue", unit("commit", "", "d3", "Dialogue")),
    ]
    body = {"expression": "joy", "action": "nod"}
    kind = {"data_type": "expression_and_action"}
    found += [("dialogue2", unit("add", body, "e1", "Dialogue", **kind))]
    for number in range(20):
        block_unit = unit("add", block(), f"t{number}", "TTS", data_type="audio")
        found.append(("tts", block_unit))
    found.append(("tts", unit("commit", "", "t99", "TTS", data_type="audio")))
    return found


ABORTING = (
    ("tts", unit("add", block(), "x1", "TTS"), "without data_type"),
    ("tts", unit("add", None, "x2", "TTS", data_type="audio"), "body is null"),
    ("dialogue2", b"\x80 joy", "not JSON"),
)
"""The three kinds of units that end an agent, with the reason."""
