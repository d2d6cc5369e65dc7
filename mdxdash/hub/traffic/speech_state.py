"""What an agent speaks, as it is shown: `SpeechState`."""

import msgspec


class SpeechState(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an agent speaks at one moment. The agent says nothing of it: all is computed."""

    model: str
    """The alias of the model that speaks."""
    what: str
    """The text, or the name of the file."""
    played: float = 0.0
    """Seconds of it that were heard."""
    seconds: float | None = None
    """Its length; None while it is not known."""
    ahead: float = 0.0
    """Seconds of it that were sent and not heard yet."""
    level: float = 0.0
    """How loud it is now, from 0 to 1."""
    late: int = 0
    """Blocks that came too late: each is a gap."""
    waiting: int = 0
    """Utterances that wait behind it."""
    number: int = 0
    """The number of the utterance, as in the events of its beginning and its end."""
