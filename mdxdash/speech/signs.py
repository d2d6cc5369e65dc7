"""Whether anything tells that an agent's sound is heard.

Nothing tells it directly. A wrong alias, no sound device and a dead audio thread look alike
(PROTOCOL.md, *Audio*); what the agent has announced and its log rule some of them out.
"""

from typing import Final

from mdxdash.events.event import is_line
from mdxdash.events.log import EventLog
from mdxdash.language.translation import N_

SOUND_OPENED: Final = "openstream ok"
"""The line of the agent's log when its audio thread has opened the sound device."""

_SEARCHED: Final = 20_000
"""Events at the end of the log that are searched."""

_MORE: Final = N_("see `mdxdash help speech`")


def doubt(log: EventLog, agent: str, model: str, *, announced: bool) -> str:
    """Returns what may keep the first sound of an agent from being heard, and how to tell, as a
    text; empty if nothing is in doubt.

    * `agent`: its name.
    * `model`: the alias of the model that spoke.
    * `announced`: whether the agent has announced that model.
    """
    reasons = (
        []
        if announced
        else [
            N_("it has not announced a model {model}, so the alias may be wrong").format(
                model=model
            )
        ]
    )
    if (of_device := _doubt_of_device(log, agent)) is not None:
        reasons.append(of_device)
    if not reasons:
        return ""
    return N_("nothing tells whether it is heard: {reasons} ({more})").format(
        reasons="; ".join(reasons), more=_MORE
    )


def _doubt_of_device(log: EventLog, agent: str) -> str | None:
    """Returns what is not known of the agent's sound device; None if it is known to work."""
    has_log = False
    for event in reversed(log.slice(log.next_seq - _SEARCHED, log.next_seq)):
        if event.agent != agent:
            continue
        if event.kind == "connected" and not event.via:
            break
        if event.kind == "log" and is_line(event):
            has_log = True
            if SOUND_OPENED in event.text:
                return None
    if has_log:
        return N_("its log lacks `{line}`: no sound device, or a dead audio thread").format(
            line=SOUND_OPENED
        )
    return N_(
        "no sound device and a dead audio thread look alike, "
        "which Plugin_Remote_AllLog=true would tell"
    )
