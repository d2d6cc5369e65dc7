"""The exit codes that several commands share, as `mdxdash help testing` lists them."""

from typing import Final

PASSED: Final = 0
"""Everything that was asked for was done."""

FAILED: Final = 1
"""Something that was asked for failed: a macro, a command that was not sent, a check."""

USAGE: Final = 2
"""A file or an option is wrong, or the command cannot start; also click's own code for it."""

NO_AGENT: Final = 3
"""No agent connected in time."""

INTERRUPTED: Final = 130
"""A signal ended the command before it was done: 128 + SIGINT, as in shells."""
