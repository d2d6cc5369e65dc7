"""mdxdash: the WebSocket server that MMDAgent-EX dials, with a dashboard on it.

As a library, see `mdxdash.api`, whose names are here too; they load when they are first used.
"""

from typing import TYPE_CHECKING, Any

from mdxdash.version import __version__

if TYPE_CHECKING:
    from mdxdash.api import (
        Agent,
        CannotListen,
        CannotSpeak,
        Event,
        ExpectTimeout,
        Hub,
        Macro,
        MacroFailed,
        Message,
        NoAgent,
        Refused,
        RunRecord,
        SettingsError,
        SpeechSettings,
        Turn,
        Unexpected,
        Utterance,
        VoiceSettings,
        load_macros,
    )

__all__ = [
    "Agent",
    "CannotListen",
    "CannotSpeak",
    "Event",
    "ExpectTimeout",
    "Hub",
    "Macro",
    "MacroFailed",
    "Message",
    "NoAgent",
    "Refused",
    "RunRecord",
    "SettingsError",
    "SpeechSettings",
    "Turn",
    "Unexpected",
    "Utterance",
    "VoiceSettings",
    "__version__",
    "load_macros",
]


def __getattr__(name: str) -> Any:
    # So that the command line, which imports this package first, does not load what it needs not.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from mdxdash import api  # noqa: PLC0415

    return getattr(api, name)


def __dir__() -> list[str]:
    return __all__
