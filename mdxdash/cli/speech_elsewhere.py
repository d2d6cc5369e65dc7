"""Speaks through a hub that runs already, and waits until all has been spoken."""

from collections.abc import Sequence

from mdxdash.cli.exit_codes import FAILED, INTERRUPTED, PASSED
from mdxdash.cli.output.diagnostics import report
from mdxdash.cli.reaching.running_hub import connected, followed
from mdxdash.events.event import Event
from mdxdash.language.translation import _
from mdxdash.remote.control_socket import HubAddress
from mdxdash.remote.followed_hub import FollowedHub
from mdxdash.remote.protocol import Speak, Status, StopSpeech, Welcome, WholeState
from mdxdash.remote.shell_client import first_line


def speak_through(hub: HubAddress, requests: Sequence[Speak]) -> int:
    """Asks a hub for utterances, and reports the end of each. Ctrl-C stops the speech.

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
                waiting = {spoken for request in requests for spoken in asking.ask(request).speech}
            return _ends(hub, listening, waiting)
        except KeyboardInterrupt:
            # Another process may be the hub by now.
            with connected(hub, first_line("speak")) as asking:
                asking.ask(StopSpeech(requests[0].to))
            return INTERRUPTED


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
