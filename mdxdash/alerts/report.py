"""The report of an alert: a text file to send to somebody who is to help.

It holds versions, the settings without secrets, what happened, and the state of the agent.
"""

import platform
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import platformdirs

from mdxdash.alerts.alert import Alert, loss_text
from mdxdash.events.event import Event
from mdxdash.events.printable import printable
from mdxdash.events.text import local_time, text_line
from mdxdash.hub.interface import AgentHub, AgentView
from mdxdash.settings.model import Settings, all_settings
from mdxdash.settings.regular_file import make_private_folder
from mdxdash.settings.setting import literal
from mdxdash.version import __version__

_NAME_FORMAT: Final = "report-%Y-%m-%dT%H-%M-%S"


def report_text(alert: Alert, hub: AgentHub, settings: Settings) -> str:
    """Returns the report as text with newlines, all of it printable.

    * `hub`: the one whose agent it is.
    * `settings`: those in force; what is private in them is left out.
    """
    event = alert.event
    title = loss_text(alert) if alert.kind == "lost" else f"{alert.kind}: {printable(event.text)}"
    agent = next((each for each in hub.agents if each.name == event.agent), None)
    parts = [
        ("mdxdash report", [title, f"written {datetime.now().astimezone().isoformat()}"]),
        ("Versions", _versions()),
        ("Last events", [text_line(each) for each in _events(alert)]),
        ("Agent", ["none"] if agent is None else list(_agent(agent))),
        ("Settings that are not the default", list(_settings(settings)) or ["none"]),
    ]
    return "\n".join(
        f"{head}\n{'-' * len(head)}\n" + "\n".join(lines) + "\n" for head, lines in parts
    )


def reports_directory() -> Path:
    """Returns the folder for reports in the user's data directory, whether it exists or not."""
    return platformdirs.user_data_path("mdxdash", appauthor=False) / "reports"


def write_report(directory: Path, alert: Alert, hub: AgentHub, settings: Settings) -> Path:
    """Writes the report into a new file of the folder, which only the user can read; returns the
    file. Blocks; raises OSError."""
    make_private_folder(directory)
    stem = local_time(alert.event.time).strftime(_NAME_FORMAT)
    text = report_text(alert, hub, settings)
    number = 1
    while True:
        path = directory / f"{stem}{f'-{number}' if number > 1 else ''}.txt"
        try:
            with path.open("x", encoding="utf-8", newline="\n") as file:
                path.chmod(0o600)
                file.write(text)
        except FileExistsError:
            number += 1
        else:
            return path


def _versions() -> list[str]:
    python = ".".join(map(str, sys.version_info[:3]))
    return [f"mdxdash {__version__}, Python {python}, {platform.platform()}"]


def _events(alert: Alert) -> Iterable[Event]:
    return alert.loss.recent if alert.loss is not None else (alert.event,)


def _agent(agent: AgentView) -> Iterator[str]:
    counts = agent.counts
    yield f"{printable(agent.name)}: {agent.state}"
    yield f"address {agent.handshake.address}, path {printable(agent.handshake.path)}"
    for name, value in agent.handshake.headers:
        yield f"{printable(name)}: {printable(value)}"
    yield f"received {counts.received:,} lines, {counts.bytes_in:,} bytes"
    yield f"sent {counts.sent:,} lines, {counts.bytes_out:,} bytes, {counts.lost:,} without echo"
    yield f"queue {len(agent.queue):,} of {agent.queue.limit:,} lines"
    if counts.last_round_trip is not None:
        yield f"last round trip {counts.last_round_trip * 1000:.0f} ms"


def _settings(settings: Settings) -> Iterator[str]:
    for setting in all_settings():
        value = getattr(getattr(settings, setting.section), setting.key)
        if value != setting.default:
            shown = printable(literal(setting.shown(value)))
            yield f"[{setting.section}] {setting.key} = {shown}"
