"""What the Python interface raises."""

from collections.abc import Sequence

from mdxdash.events.event import Event
from mdxdash.events.text import text_line
from mdxdash.hub.address import CannotListen
from mdxdash.language.translation import N_
from mdxdash.macros.running.run_log import RunRecord


class PortOfRunningHub(CannotListen):
    """A hub of this user listens on the port already. The error's text names what can be done."""

    def __init__(self, port: int, name: str) -> None:
        """`name` is that of the hub that runs."""
        super().__init__(
            N_(
                "port {port} is that of the hub {name}, which runs already, and an agent has one "
                "hub. Let that hub run a script (`[program.NAME]` in its settings, then `mdxdash "
                "hub restart`, or `mdxdash serve --exec` in its place), use `mdxdash events` and "
                "`mdxdash send`, or end it: `mdxdash hub stop {name}`"
            ).format(port=port, name=name)
        )
        self.port = port
        self.name = name


class NoAgent(TimeoutError):
    """No agent connected in time. The error's text names the hub's address and the lines that the
    agent's `.mdf` must have."""


class Refused(ValueError):
    """A message was not sent. The error's text gives the reason, and what it would have done."""


class Unexpected(AssertionError):
    """The agent did not do what was expected.

    `events` are its last events, oldest first; the error's text ends with them.
    """

    def __init__(self, message: str, events: Sequence[Event]) -> None:
        lines = [message, *(f"    {text_line(event)}" for event in events)]
        super().__init__("\n".join(lines))
        self.events = tuple(events)


class ExpectTimeout(Unexpected, TimeoutError):
    """No event passed the filter in time."""


class MacroFailed(Unexpected):
    """A macro failed or was stopped. `run` holds the steps that it did."""

    def __init__(self, run: RunRecord) -> None:
        super().__init__(
            N_('the macro "{macro}" {state}: {failure}').format(
                macro=run.macro, state=run.state, failure=run.failure
            ),
            run.recent,
        )
        self.run = run
