"""`mdxdash simulate`: a stand-in agent in the terminal."""

import asyncio
import sys
from pathlib import Path

import click
from websockets.exceptions import InvalidURI

from mdxdash.cli.exit_codes import FAILED
from mdxdash.cli.options import fail, read_filter
from mdxdash.cli.output.diagnostics import report
from mdxdash.cli.recording_argument import (
    RECORDING_PATH,
    read_events,
    read_recording,
    report_damages,
)
from mdxdash.events.event import is_line
from mdxdash.language.translation import _
from mdxdash.recordings.agent_frames import agent_frames
from mdxdash.recordings.reader import Recording
from mdxdash.settings.quantities import parse_duration
from mdxdash.settings.redaction import redact_address
from mdxdash.simulator import AgentStopped, Behavior, Content, Playback, Simulator
from mdxdash.simulator.client import ClientEvent, Connected, Disconnected


@click.command(name="simulate")
@click.option(
    "--url", default="ws://localhost:9001/chat", show_default=True, help="The hub to connect to."
)
@click.option(
    "--retries",
    default=0,
    show_default=True,
    help="How often to retry, as Plugin_Remote_RetryCount.",
)
@click.option(
    "--from",
    "source",
    type=RECORDING_PATH,
    help="Play the agent's side of this recording (`-`: standard input) instead of a dialogue of "
    "its own.",
)
@click.option("--filter", "filter_text", default="", help="Play only these events of it.")
@click.option("--no-user", is_flag=True, help="Nobody speaks to it: you do, or your program.")
@click.option("--no-answers", is_flag=True, help="It answers nobody: your script does.")
@click.option(
    "--delay", metavar="DURATION", help="It answers so long after it has heard, such as 1.5s."
)
@click.option(
    "--speed",
    type=click.FloatRange(min=0, min_open=True),
    default=1.0,
    show_default=True,
    help="2 takes half the time.",
)
def command(
    url: str,
    retries: int,
    source: Path | None,
    filter_text: str,
    no_user: bool,
    no_answers: bool,
    delay: str | None,
    speed: float,
) -> None:
    """A stand-in agent: connects to a hub and behaves on the wire as MMDAgent-EX does.

    Where the real agent would crash, it stops with the reason. After a recording is played, it
    stays connected and echoes.
    """
    filter_ = read_filter(filter_text)
    behavior: Behavior
    recording: Recording | None = None
    if source is None:
        content = Content(
            speed=speed, user=not no_user, answers=not no_answers, delay=_read_delay(delay)
        )
        behavior, log = content, False
    else:
        recording = read_recording(source)
        behavior = Playback(agent_frames(read_events(recording, filter_)), speed=speed)
        log = _is_log(recording)
    try:
        simulator = Simulator(
            url, behavior=behavior, retries=retries, log=log, on_event=_report_connection
        )
    except InvalidURI:
        fail(
            _("--url {url}: expected a URL such as ws://localhost:9001/chat").format(
                url=redact_address(url)
            )
        )
    try:
        asyncio.run(simulator.run())
    except KeyboardInterrupt:
        return
    except AgentStopped as stopped:
        report(_("mdxdash simulate: {stopped}").format(stopped=stopped))
        sys.exit(FAILED)
    finally:
        if recording is not None:
            report_damages(recording)


def _read_delay(text: str | None) -> float:
    try:
        return 0.0 if text is None else parse_duration(text)
    except ValueError as error:
        fail(f"--delay: {error}")


def _report_connection(event: ClientEvent) -> None:
    if isinstance(event, Connected):
        report(_("mdxdash simulate: connected"))
    elif isinstance(event, Disconnected):
        report(
            _("mdxdash simulate: disconnected: {reason}; connecting again").format(
                reason=event.reason
            )
        )


def _is_log(recording: Recording) -> bool:
    """Returns whether the agent sent log lines; then its echoes are log lines too."""
    for chunk in read_events(recording, read_filter("")):
        for event in chunk:
            if event.kind != "sent" and is_line(event):
                return event.kind == "log"
    return False
