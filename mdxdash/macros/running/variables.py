"""The names that the steps of a macro can fill in, and their values while it runs."""

from dataclasses import dataclass

from mdxdash.events.event import Event
from mdxdash.language.translation import N_
from mdxdash.macros.model import EVENT_VALUE
from mdxdash.macros.template import UnfillableError
from mdxdash.wire.message import Message


@dataclass(slots=True)
class Variables:
    """The values of one macro in one run: its parameters, what `set` kept, the agent's name, and
    the parts of the event that was matched last."""

    agent: str
    values: dict[str, str]
    """Parameters, and names that `set` gave a value."""
    event: Event | None = None
    """The event that was matched last, or that triggered the macro."""

    def value(self, name: str) -> str:
        """Returns the value of a name. Raises UnfillableError if it has none."""
        if name in self.values:
            return self.values[name]
        if name == "agent":
            return self.agent
        if self.event is None:
            raise UnfillableError(
                N_("{{{name}}} has no value: no event was matched before").format(name=name)
            )
        if name == "type":
            return self.event.type
        if name == "args":
            return self.event.args or self.event.text
        return _argument(self.event, name)


def _argument(event: Event, name: str) -> str:
    found = EVENT_VALUE.fullmatch(name)
    if found is None or found[1] is None:
        raise UnfillableError(N_("{{{name}}} is no known name").format(name=name))
    arguments = Message(event.type, event.args).arguments
    index = int(found[1])
    if index >= len(arguments):
        count = (N_("{count} argument") if len(arguments) == 1 else N_("{count} arguments")).format(
            count=len(arguments)
        )
        raise UnfillableError(
            N_("{{{name}}} has no value: {type} came with {count}, counted from 0").format(
                name=name, type=event.type, count=count
            )
        )
    return arguments[index]
