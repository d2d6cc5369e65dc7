"""How the connection to an agent ended: the texts of an event `disconnected`, some as templates.
Who reads such events finds by them what it was."""

from typing import Final

from mdxdash.language.translation import N_

ENDED_BY_HUB: Final = N_("ended by mdxdash")
"""mdxdash itself ended it."""

CLOSED_BY_AGENT: Final = N_("closed by the agent with code {code}{reason}")
LOST_BY_ERROR: Final = N_("connection lost: {cause}")
LOST_WITHOUT_CLOSE: Final = N_("connection lost without a close frame")


def is_one_of(text: str, *templates: str) -> bool:
    """Returns whether a text was made from one of the templates: it begins as they do."""
    return text.startswith(tuple(template.partition("{")[0] for template in templates))
