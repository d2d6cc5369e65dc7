"""A row of the stream and its details, whatever the event says."""

import pytest

from mdxdash.events.event import Event
from mdxdash.tui.widgets.event_description import describe
from mdxdash.tui.widgets.event_row import event_parts
from tests.support.hostile_text import active

ACTIVE = "\x1b]0;title\x07\u202e\x9b"


@pytest.mark.parametrize("kind", ["received", "sent", "log", "connected", "refused", "fault"])
@pytest.mark.parametrize("field", ["agent", "type", "args", "text", "module", "level"])
def test_nothing_that_an_event_says_is_obeyed(kind: str, field: str):
    event = Event(1, 0.0, kind, **{"agent": "chat", field: ACTIVE})  # type: ignore[arg-type]
    parts = event_parts(event, 160, marked=False, agent_width=12)
    assert not active("".join(part.text for part in parts))
    assert not active("\n".join(line.plain for line in describe(event, None, "en")))
