"""The table of the `.mdf` doctor: each rule's code, what it finds, and what that means."""

from collections.abc import Callable
from typing import Final

import msgspec

from mdxdash.doctor.diagnosis import HOST, Diagnosis, ExampleCase
from mdxdash.doctor.file_rules import (
    GIVEN_UP,
    STRAY_NUL,
    UTF_16,
    given_up,
    stray_nul,
    utf_16,
)
from mdxdash.doctor.rules import (
    ALL_LOG,
    DISABLED,
    ENABLED,
    EXCLUDED,
    RETRIES,
    all_log,
    byte_order_mark,
    disabled,
    excluded,
    host_is_url,
    insecure_port,
    misspelt,
    no_host,
    no_path,
    no_port,
    other_host,
    other_path,
    other_port,
    relative_path,
    retries,
    secure_port,
    tcp_beside,
    unknown_variable,
)


class Rule(msgspec.Struct, frozen=True):
    """One row of the table."""

    code: str
    """Stable."""
    finds: str
    meaning: str
    """What that does, for all cases; the diagnosis tells of the one at hand."""
    look: Callable[[ExampleCase], Diagnosis | None]


RULES: Final = (
    Rule("D101", "a file saved as UTF-16", UTF_16, utf_16),
    Rule("D106", "a NUL byte", STRAY_NUL, stray_nul),
    Rule("D102", "an %ENV{…} that cannot be replaced", GIVEN_UP, given_up),
    Rule(
        "D103",
        "a byte order mark that hides the first setting",
        "It belongs to the first line, and makes the setting there one that nobody knows.",
        byte_order_mark,
    ),
    Rule(
        "D104",
        "a misspelt setting",
        "The program passes over settings that it does not know. Case and spaces count.",
        misspelt,
    ),
    Rule(
        "D105",
        "a setting with an environment variable that is not set",
        "An %ENV{…} is replaced by its variable where the agent is started, by nothing if there "
        "is none.",
        unknown_variable,
    ),
    Rule(
        "D111",
        f"Plugin_Remote disabled by {DISABLED}",
        f"The plugin that dials is not loaded if the list there holds Remote, or is ALL, unless "
        f"{ENABLED} names it.",
        disabled,
    ),
    Rule(
        "D112",
        f"Plugin_Remote disabled by {EXCLUDED}",
        f"The plugin that dials is not loaded with `yes` or `true` there, unless {ENABLED} names "
        f"it.",
        excluded,
    ),
    Rule("D121", "no host", "An agent that is told none dials nobody.", no_host),
    Rule(
        "D122",
        "a URL for a host",
        f"{HOST} takes a name or address alone; the port and the path have settings of their own.",
        host_is_url,
    ),
    Rule(
        "D123",
        "another host",
        "The agent dials a machine that is not the one where mdxdash listens by its settings. "
        "What stands behind a value on its line belongs to the value.",
        other_host,
    ),
    Rule("D131", "no port", "An agent that is told none dials port 80.", no_port),
    Rule(
        "D132",
        "port 443 without TLS here",
        "At that port, and at no other, the agent speaks TLS (wss://). mdxdash does when it is "
        "given a certificate.",
        secure_port,
    ),
    Rule(
        "D133",
        "TLS here, and another port than 443",
        "The agent speaks TLS (wss://) at port 443 only, and here is TLS.",
        insecure_port,
    ),
    Rule(
        "D134",
        "another port",
        "The agent dials a port at which mdxdash does not listen by its settings.",
        other_port,
    ),
    Rule("D141", "no path", "An agent that is told none dials the path /.", no_path),
    Rule(
        "D142",
        "a path without its slash",
        "The agent asks for the path as it stands there, and a path begins with /.",
        relative_path,
    ),
    Rule(
        "D143",
        "another path",
        "mdxdash lets agents in at its own path, followed by its secret if it has one, and at "
        "such paths with -1 and so on behind.",
        other_path,
    ),
    Rule(
        "D151",
        "TCP/IP settings beside the WebSocket ones",
        "They turn on another connection, which does not work together with the WebSocket.",
        tcp_beside,
    ),
    Rule(
        "D161",
        "no retries, or few",
        f"Attempts are half a second apart, and {RETRIES} is how many follow the first; without "
        f"it none. The agent then connects only if mdxdash is there already, and does not come "
        f"back after a loss.",
        retries,
    ),
    Rule(
        "D171",
        "the agent's log instead of its messages",
        f"With {ALL_LOG} the agent connects, and says its log lines; mdxdash understands both.",
        all_log,
    ),
)
"""In the order in which they are looked at."""
