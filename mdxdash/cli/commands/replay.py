"""`mdxdash replay`: the commands of a recording, sent again to an agent."""

import asyncio
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from mdxdash.cli.exit_codes import FAILED, INTERRUPTED, NO_AGENT, PASSED
from mdxdash.cli.hosting.session_recording import headless_recording
from mdxdash.cli.options import (
    check_record_file,
    fail,
    hub_options,
    read_filter,
    read_settings,
    recording_options,
)
from mdxdash.cli.output.diagnostics import report
from mdxdash.cli.output.progress_line import ProgressLine
from mdxdash.cli.output.text_table import format_clock
from mdxdash.cli.reaching.hub_in_place import attach_hint
from mdxdash.cli.recording_argument import read_events, recording_argument, report_damages
from mdxdash.cli.signals import Interrupted, run_until_signal
from mdxdash.events.event import Event
from mdxdash.events.log import EventLog
from mdxdash.hub.address import CannotListen
from mdxdash.hub.replay import Replay, plan
from mdxdash.hub.server import HubServer
from mdxdash.hub.targets import EXACTLY
from mdxdash.hub.traffic.echoes import ECHO_TIMEOUT
from mdxdash.language.translation import _
from mdxdash.recordings.reader import Recording
from mdxdash.remote.tap import add_tap
from mdxdash.settings.model import Settings
from mdxdash.settings.quantities import parse_duration
from mdxdash.wire.framing import expected_echo
from mdxdash.wire.message import Message


class NoAgent(Exception):
    """No agent connected to receive the commands."""


def _seconds(ctx: click.Context, parameter: click.Parameter, text: str) -> float:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command(name="replay")
@recording_argument
@click.option("--filter", "filter_text", default="", help="Send only these commands.")
@click.option(
    "--speed",
    type=click.FloatRange(min=0, min_open=True),
    default=1.0,
    show_default=True,
    help="2 takes half the time.",
)
@click.option(
    "--to",
    "target",
    help="Send all of them to a name, pattern or group; =NAME is exactly that agent.  "
    "[default: the agents of the recording]",
)
@click.option(
    "--wait-agent",
    callback=_seconds,
    default="30s",
    show_default=True,
    help="How long to wait for the agent to connect.",
)
@click.option(
    "--stay", is_flag=True, help="Keep running afterwards, so that the agent stays connected."
)
@hub_options
@recording_options
def command(
    recording: Recording,
    filter_text: str,
    speed: float,
    target: str | None,
    wait_agent: float,
    stay: bool,
    record_file: Path | None,
    **options: Any,
) -> None:
    """Send the commands of a recording to an agent, at their times.

    FILE is a recording, or other text that mdxdash opens; `-` is standard input. The command is a
    hub that an agent connects to; on Linux MMDAgent-EX ends when its hub does, so --stay keeps
    both. Ctrl-C ends it.

    Exits with 0 if all commands were sent, 1 if one was not, 2 if a file or an option is wrong,
    3 if no agent connected, 130 after ctrl-C.
    """
    filter_ = read_filter(filter_text)
    settings = read_settings(**options)
    steps = plan(event for chunk in read_events(recording, filter_) for event in chunk)
    report_damages(recording)
    if not steps:
        fail(
            _("{name}: no command to send").format(name=recording.name)
            + (_(" passes the filter") if filter_text else "")
        )
    check_record_file(record_file)
    log = EventLog(settings.log.events, settings.log.bytes)
    hub = HubServer(settings.hub, log, settings.groups)
    add_tap(hub)
    replay = Replay(steps, hub.send, target=target, speed=speed)
    try:
        run_until_signal(_run(settings, record_file, hub, replay, wait_agent, stay))
    except Interrupted:
        sys.exit(INTERRUPTED if replay.done < len(steps) else PASSED)
    except CannotListen as error:
        fail(f"{error}{attach_hint(settings)}")
    except NoAgent as error:
        report(f"mdxdash: {error}")
        sys.exit(NO_AGENT)
    sys.exit(PASSED if replay.sent == len(steps) else FAILED)


async def _run(
    settings: Settings,
    record_file: Path | None,
    hub: HubServer,
    replay: Replay,
    wait_agent: float,
    stay: bool,
) -> None:
    recording = headless_recording(settings.recording, record_file, hub.log, lambda: hub.url)
    async with recording, hub:
        report(_("listening on {url}").format(url=hub.url))
        await _wait_for_agents(hub, replay, wait_agent)
        echoes = _PendingEchoes(hub)
        try:
            with ProgressLine(lambda: _progress(replay)) as line:
                await line.follow(replay.run())
                await echoes.settled()
        finally:
            report(_outcome(replay))
        if stay:
            report(_("all sent; still running, ctrl-C ends it"))
            await asyncio.get_running_loop().create_future()


async def _wait_for_agents(hub: HubServer, replay: Replay, timeout: float) -> None:
    """Waits until every target has an agent, or `timeout` seconds are over and one has. Raises
    `NoAgent` when none has."""
    targets = replay.targets
    with suppress(TimeoutError):
        async with asyncio.timeout(timeout):
            while not all(hub.targets(target) for target in targets):
                await asyncio.sleep(0.05)
    if not any(hub.targets(target) for target in targets):
        who = ", ".join(target.removeprefix(EXACTLY) for target in targets if target) or _(
            "an agent"
        )
        raise NoAgent(
            _("{who} did not connect to {url} within {timeout:g} s").format(
                who=who, url=hub.url, timeout=timeout
            )
        )


class _PendingEchoes:
    """The sent commands whose echo has neither arrived nor been lost."""

    def __init__(self, hub: HubServer) -> None:
        self._hub = hub
        self._seqs: set[int] = set()
        hub.log.subscribe(self._take)
        hub.log.subscribe_changes(self._change)

    async def settled(self) -> None:
        """Waits until the send queues are empty and no echo is pending."""
        with suppress(TimeoutError):
            async with asyncio.timeout(ECHO_TIMEOUT + 1):
                while self._seqs or any(len(agent.queue) for agent in self._hub.connected):
                    await asyncio.sleep(0.02)

    def _take(self, event: Event) -> None:
        if event.kind == "sent" and expected_echo(Message(event.type, event.args)) is not None:
            self._seqs.add(event.seq)

    def _change(self, event: Event) -> None:
        if event.round_trip is not None or event.lost:
            self._seqs.discard(event.seq)


def _progress(replay: Replay) -> str:
    return _("{done:,} of {count:,} commands, {remaining} to go").format(
        done=replay.done, count=len(replay.steps), remaining=format_clock(replay.remaining)
    )


def _outcome(replay: Replay) -> str:
    lines = [
        _("sent {sent:,} of {count:,} commands").format(sent=replay.sent, count=len(replay.steps))
    ]
    if replay.missed:
        lines.append(_("{missed:,} found no agent").format(missed=replay.missed))
    lines += [_("not sent: {reason}").format(reason=reason) for reason in replay.refused]
    return "\n".join(lines)
