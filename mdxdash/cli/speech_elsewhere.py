"""Speaks through a hub that runs already, and waits until all has been spoken."""

from collections.abc import Sequence

from mdxdash.cli.exit_codes import FAILED, INTERRUPTED, PASSED
from mdxdash.cli.output.diagnostics import report
from mdxdash.cli.reaching.running_hub import connected
from mdxdash.events.event import Event
from mdxdash.language.translation import _
from mdxdash.remote.control_socket import HubAddress
from mdxdash.remote.protocol import Speak, StopSpeech
from mdxdash.remote.shell_client import ShellClient, first_line


def speak_through(hub: HubAddress, requests: Sequence[Speak]) -> int:
    """Asks a hub for utterances, and reports the end of each. Ctrl-C stops the speech.

    Returns the exit code. Exits with 1 or 2 if the hub cannot be reached, or refuses.
    """
    # A connection of its own for the events: none may be passed over while an answer is awaited.
    events = connected(hub, first_line("speak", events=True))
    with events as listening, connected(hub, first_line("speak")) as asking:
        report(
            _("speaking through the hub {name}, {url}").format(
                name=asking.welcome.name, url=asking.welcome.url
            )
        )
        try:
            waiting = {spoken for request in requests for spoken in asking.ask(request).speech}
            return _ends(listening, waiting)
        except KeyboardInterrupt:
            asking.ask(StopSpeech(requests[0].to))
            return INTERRUPTED


def _ends(client: ShellClient, waiting: set[tuple[str, str]]) -> int:
    """Reports the end of each of the utterances, given as agent and key."""
    code = PASSED
    for event in client.stream():
        if not isinstance(event, Event) or event.by != "speech" or event.level != "end":
            continue
        if (event.agent, event.args) in waiting:
            waiting.discard((event.agent, event.args))
            report(event.text)
            if event.kind == "fault" or "was stopped" in event.text:
                code = FAILED
        if not waiting:
            break
    return code
