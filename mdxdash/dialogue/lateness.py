"""Whether the user was answered as soon as the limit `[dialogue] answer_within` asks for."""

from mdxdash.dialogue.turn import Turn
from mdxdash.language.translation import N_
from mdxdash.settings.quantities import format_duration


def lateness(turn: Turn, within: float) -> str:
    """Returns what is wrong with how soon a turn was answered, as a text; empty if nothing is, or
    if its answer may still come in time.

    * `within`: how long after the user's words the voice may begin, in seconds.
    """
    limit = N_("more than {within} ([dialogue] answer_within)").format(
        within=format_duration(within)
    )
    if turn.latency is not None and turn.latency > within:
        return N_("the answer took {latency:.2f} s, {limit}").format(
            latency=turn.latency, limit=limit
        )
    if turn.unanswered:
        return N_("no answer to the user's words: {limit}").format(limit=limit)
    return ""
