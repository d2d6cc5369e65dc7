"""A line of an agent's log, as `Plugin_Remote_AllLog=true` sends it and log files contain it.

`[2026/11/22 19:48:26.306] [8303071] VIManager: Captured: TEST_MESSAGE`: the agent's clock, its
tick count, the module, the level, the text.
"""

import re
from typing import Final

import msgspec

from mdxdash.wire.message import Message, parse_message

MESSAGE_LEVELS: Final = frozenset({"Sent", "Captured"})
"""The levels whose text is a message: a module has issued it, or has received it."""

# The agent's ticks are milliseconds. A number that no 64 bits hold is no tick count: Python refuses
# to read one of over 4,300 digits, and other programs would refuse our JSON with it.
_LOG_LINE = re.compile(
    r"\[(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d{3})\] \[(\d{1,18})\] "
    r"([^:\n]+): (Error|Warning|Status|Debug|Sent|Captured): ?(.*)",
    re.DOTALL,
)


class LogLine(msgspec.Struct, frozen=True, gc=False):
    """The parts of a log line."""

    time: str
    """The agent's own local time, `2026/11/22 19:48:26.306`."""
    ticks: int
    module: str
    level: str
    text: str

    @property
    def message(self) -> Message | None:
        """The message that was logged; None at other levels than Sent and Captured."""
        return parse_message(self.text) if self.level in MESSAGE_LEVELS else None


def parse_log_line(line: str) -> LogLine | None:
    """Return the parts of a log line; None if `line` is no log line."""
    if not line.startswith("["):
        return None
    found = _LOG_LINE.fullmatch(line)
    if found is None:
        return None
    time, ticks, module, level, text = found.groups()
    return LogLine(time, int(ticks), module, level, text)
