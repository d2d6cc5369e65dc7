"""Speaks through a hub that runs already, and waits until all has been spoken."""

import time
from collections.abc import Sequence
from typing import Final

from mdxdash.cli.exit_codes import FAILED, INTERRUPTED, NO_AGENT, PASSED
from mdxdash.cli.output.diagnostics import report
from mdxdash.cli.reaching.running_hub import connected, followed
from mdxdash.events.event import Event
from mdxdash.hub.targets import selects
from mdxdash.language.translation import _
from mdxdash.remote.control_socket import HubAddress
from mdxdash.remote.followed_hub import FollowedHub
from mdxdash.remote.protocol import GiveSound, Speak, Status, StopSpeech, Welcome, WholeState
from mdxdash.remote.shell_client import Refused, ShellClient, first_line
from mdxdash.speech.sources.sound import Sound, SoundError

_PAUSE: Final = 0.1
"""Seconds between two looks whether an agent has connected."""

_GIVEN_WITHIN: Final = 120.0
"""Seconds that a hub may take until it has room for more sound: it keeps some 20 s of it."""


def speak_through(
    hub: HubAddress,
    requests: Sequence[Speak],
    *,
    wait_agent: float = 0.0,
    live: Sound | None = None,
) -> int:
    """Asks a hub for utterances, and reports the end of each. Ctrl-C stops the speech.

    Args:
        hub: Its control socket.
        requests: What is spoken; all for the same target.
        wait_agent: Seconds to wait for an agent of the target.
        live: The sound of a `live` request; it is read to its end.

    Returns the exit code. Exits with 1 or 2 if the hub cannot be reached, or refuses.
    """
    # A connection of its own for the events: none may be passed over while an answer is awaited.
    with followed(hub, first_line("speak", events=True)) as listening:
        try:
            with connected(hub, first_line("speak")) as asking:
                report(
                    _("speaking through the hub {name}, {url}").format(
                        name=asking.welcome.name, url=asking.welcome.url
                    )
                )
                if not _wait_for_agent(asking, requests[0].to, wait_agent):
                    return NO_AGENT
                waiting = {spoken for request in requests for spoken in asking.ask(request).speech}
                given = live is None or _give(asking, live)
            code = _ends(hub, listening, waiting)
            # Of a sound that failed while it was made the hub has spoken what it had.
            return code if given else code or FAILED
        except KeyboardInterrupt:
            # Another process may be the hub by now.
            with connected(hub, first_line("speak")) as asking:
                asking.ask(StopSpeech(requests[0].to))
            return INTERRUPTED


def _wait_for_agent(asking: ShellClient, target: str | None, seconds: float) -> bool:
    """Waits for an agent of the target; returns whether there is one."""
    end = time.monotonic() + seconds
    while True:
        state = asking.ask(Status(0)).state or WholeState(asking.welcome)
        names = [agent.name for agent in state.agents if agent.state != "gone"]
        if any(selects(target, name, state.welcome.groups) for name in names):
            return True
        if time.monotonic() >= end:
            report(
                "mdxdash: "
                + _("{who} did not connect to {url} within {timeout:g} s").format(
                    who=target or _("an agent"), url=asking.welcome.url, timeout=seconds
                )
            )
            return False
        time.sleep(_PAUSE)


def _give(asking: ShellClient, live: Sound) -> bool:
    """Hands a sound over while it is made; returns False if that failed."""
    try:
        while piece := live.read():
            asking.ask(GiveSound(piece, 0), _GIVEN_WITHIN)
        asking.ask(GiveSound(b"", 0))
    except SoundError as error:
        report(f"mdxdash: {error}")
        return False
    except Refused:
        pass  # it was stopped, and its end says so
    finally:
        live.close()
    return True


def _ends(hub: HubAddress, listening: FollowedHub, waiting: set[tuple[str, str]]) -> int:
    """Reports the end of each of the utterances, given as agent and key."""
    code = PASSED
    state: WholeState | None = None
    """Of another process that goes on with the hub, until its events of before have been read."""
    for each in listening.stream():
        if isinstance(each, Welcome):
            state = _state(hub)
        elif isinstance(each, Event) and (
            each.by == "speech"
            and each.level == "end"
            and (spoken := (each.agent, each.args)) in waiting
        ):
            waiting.discard(spoken)
            report(each.text)
            if each.kind == "fault" or "was stopped" in each.text:
                code = FAILED
        if state is not None and listening.next_seq >= state.welcome.next_seq:
            for agent, key in waiting - _still_spoken(state, waiting):
                waiting.discard((agent, key))
                code = FAILED
                report(
                    _("{agent} does not speak on: the process of the hub has changed").format(
                        agent=agent
                    )
                )
            state = None
        if not waiting:
            break
    return code


def _state(hub: HubAddress) -> WholeState | None:
    with connected(hub, first_line("speak")) as asking:
        return asking.ask(Status(0)).state


def _still_spoken(state: WholeState, waiting: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Returns the utterances that the hub speaks, or has waiting behind the one that it speaks."""
    speaking = {agent.name: agent.speech for agent in state.agents if agent.speech is not None}
    found = set()
    for agent, key in waiting:
        speech, number = speaking.get(agent), int(key.rpartition("|")[2])
        if speech is not None and speech.number <= number:
            found.add((agent, key))
    return found
