"""Enabling plugins, the avatar, and commands whose only effect is an event at once."""

from mdxdash.simulator.content.agenda import Agenda
from mdxdash.simulator.content.part import ContentPart
from mdxdash.wire.message import Message

PLUGINS = ("Variables", "TextArea", "VIManager", "LookAt", "Audio", "Julius", "Open_JTalk")

SIMPLE_REPLIES = {
    "MODEL_BINDBONE": ("MODEL_EVENT_BINDBONE", 2),
    "MODEL_UNBINDBONE": ("MODEL_EVENT_UNBINDBONE", 2),
    "MODEL_UNBINDFACE": ("MODEL_EVENT_UNBINDFACE", 2),
    "TEXTAREA_ADD": ("TEXTAREA_EVENT_ADD", 1),
    "TEXTAREA_SET": ("TEXTAREA_EVENT_SET", 1),
    "TEXTAREA_DELETE": ("TEXTAREA_EVENT_DELETE", 1),
    "WINDOWFRAME_ADD": ("WINDOWFRAME_EVENT_ADD", 1),
    "WINDOWFRAME_DELETE": ("WINDOWFRAME_EVENT_DELETE", 1),
    "CAPTION_SETSTYLE": ("CAPTION_EVENT_SETSTYLE", 1),
    "BUTTON_ADD": ("BUTTON_EVENT_ADD", 1),
    "BUTTON_DELETE": ("BUTTON_EVENT_DELETE", 1),
    "INFOTEXT_STRING": ("INFOTEXT_EVENT_SHOW", 0),
    "SUBFST_START": ("SUBFST_EVENT_START", 1),
    "SUBFST_STOP": ("SUBFST_EVENT_STOP", 1),
    "MENU": ("MENU_EVENT", 2),
    "REMOTEKEY_CHAR": ("KEY", 1),
}
"""Commands whose event comes at once, and how many of their arguments it has."""


class Plugins(ContentPart):
    """The enabled plugins, and commands that need no state."""

    def __init__(self, agenda: Agenda) -> None:
        super().__init__(agenda)
        self.commands = {
            "PLUGIN_ENABLE": (self._enable_plugin, 1),
            "PLUGIN_DISABLE": (self._disable_plugin, 1),
            "__AV_START": (self._start_avatar, 0),
            "__AV_END": (self._end_avatar, 0),
            "AVATAR_CONTROL": (self._control_avatar, 1),
        }
        self._plugins = set(PLUGINS)

    def react(self, message: Message, now: float) -> None:
        super().react(message, now)
        if reply := SIMPLE_REPLIES.get(message.type):
            event, count = reply
            arguments = [argument for argument in message.arguments if argument]
            if len(arguments) >= count:
                self._issue(now, event, *arguments[:count])

    def _enable_plugin(self, now: float, arguments: list[str]) -> None:
        if arguments[0] in PLUGINS and arguments[0] not in self._plugins:
            self._plugins.add(arguments[0])
            self._issue(now, "PLUGIN_EVENT_ENABLE", arguments[0])

    def _disable_plugin(self, now: float, arguments: list[str]) -> None:
        if arguments[0] in self._plugins:
            self._plugins.discard(arguments[0])
            self._issue(now, "PLUGIN_EVENT_DISABLE", arguments[0])

    def _control_avatar(self, now: float, arguments: list[str]) -> None:
        if arguments[0] == "ENABLE":
            self._issue(now, "AVATAR", "START")
            self._issue(now, "AVATAR_EVENT_CONTROL", "ENABLED")
        elif arguments[0] == "DISABLE":
            self._issue(now, "AVATAR_EVENT_CONTROL", "DISABLED")

    def _start_avatar(self, now: float, arguments: list[str]) -> None:
        self._issue(now, "AVATAR", "START")

    def _end_avatar(self, now: float, arguments: list[str]) -> None:
        self._issue(now, "AVATAR", "END")
