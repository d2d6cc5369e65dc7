"""`mdxdash send`: a message through a running hub, and perhaps what comes of it."""

import sys
import time
from contextlib import suppress
from typing import Final

import click

from mdxdash.catalog.check import doubts
from mdxdash.cli.exit_codes import NO_AGENT
from mdxdash.cli.options import fail
from mdxdash.cli.output.diagnostics import report
from mdxdash.cli.output.event_printer import FORMATS, encoder
from mdxdash.cli.reaching.running_hub import chosen_hub, failed, followed, running_hub_option
from mdxdash.events.event import Event
from mdxdash.filters.filter import Context, Filter, FilterError, parse
from mdxdash.filters.regex import PatternStopped
from mdxdash.hub.interface import Delivery
from mdxdash.language.translation import _
from mdxdash.macros.running.event_matching import event_matcher
from mdxdash.remote.followed_hub import FollowedHub
from mdxdash.remote.protocol import Send
from mdxdash.remote.sent_message import SentMessage
from mdxdash.remote.shell_client import first_line
from mdxdash.settings.quantities import format_duration, parse_duration
from mdxdash.wire.message import parse_message

_ECHO_WITHIN: Final = 1.0
"""Seconds in which an agent that echoes has done so: it does it before anything else."""


@click.command(name="send")
@click.argument("line", metavar="'TYPE|ARGS'")
@click.option(
    "--to",
    "target",
    help="Send to a name, pattern or group; =NAME is exactly that agent.  [default: all]",
)
@running_hub_option
@click.option("--sure", is_flag=True, help="Send it also when it may harm an agent.")
@click.option("--wait", "wanted", metavar="FILTER", help="Wait for an event, and print it.")
@click.option("--timeout", default="10s", show_default=True, help="How long to wait for it.")
@click.option(
    "--format", "format_", type=click.Choice(list(FORMATS)), default="text", show_default=True
)
def command(
    line: str,
    target: str | None,
    name: str | None,
    sure: bool,
    wanted: str | None,
    timeout: str,
    format_: str,
) -> None:
    """Send a message to the agents of a hub that runs: a dashboard, `serve` or `hub start`.

    With --wait it ends with the first event that passes the filter, of an agent that the message
    went to, after that agent acknowledged it with its echo. A speech that began before may still
    end after it, so wait for the start of this one: `type:SYNTH_EVENT_START`. The echo itself
    counts only if the filter mentions `is:echo`.

    What looks wrong in the message is reported on stderr with its code (`mdxdash explain CODE`),
    and, where a terminal reads that, to whom it went and whether they acknowledged it.

    Ends with 0 if it was sent and the event came, 1 if not, 2 if an option is wrong or no hub runs,
    3 if no such agent is connected.
    """
    filter_ = None if wanted is None else _filter(wanted)
    try:
        seconds = parse_duration(timeout)
    except ValueError as error:
        fail(f"--timeout: {error}")
    found = () if sure else doubts(line)
    if found:
        failed(_("not sent: {found} (--sure sends it as it is)").format(found=found[0]))
    attach = first_line("send", events=filter_ is not None or _is_read())
    with followed(chosen_hub(name), attach) as client:
        answer = client.ask(Send(line, target, sure, check=True))
        delivery = answer.delivery or Delivery()
        for finding in answer.findings:
            report(finding)
        _check(delivery)
        message = SentMessage(parse_message(line), delivery.agents, answer.next_seq)
        if filter_ is not None:
            event = _first(client, filter_, message, time.monotonic() + seconds)
            _report_sent(message, delivery)
            if event is None:
                failed(
                    _("no event that passes came within {seconds}").format(
                        seconds=format_duration(seconds)
                    )
                )
            sys.stdout.buffer.write(encoder(format_)(event))
        elif _is_read():
            _wait_for_echoes(client, message)
            _report_sent(message, delivery)


def _is_read() -> bool:
    """Returns whether a person reads what is reported; programs look at the exit code."""
    try:
        return sys.stderr.isatty()
    except ValueError:  # it is closed
        return False


def _filter(text: str) -> Filter:
    try:
        return parse(text)
    except FilterError as error:
        fail(f"--wait: {error}")


def _check(delivery: Delivery) -> None:
    """Reports what was not sent, and ends the command if nothing was."""
    for reason in delivery.refused:
        report(_("not sent: {reason}").format(reason=reason))
    for danger in delivery.asked:
        report(_("not sent: {danger} (--sure sends it)").format(danger=danger))
    if not delivery.agents:
        if delivery.nobody:
            report(_("mdxdash: not sent, no such agent is connected"))
            sys.exit(NO_AGENT)
        sys.exit(1)


def _first(client: FollowedHub, filter_: Filter, message: SentMessage, end: float) -> Event | None:
    """Returns the first event that the message may have caused and that passes: one that came after
    its echo, which agents send at once. Of an agent that sends none, any after the sending may be
    meant. None if none came before `end`."""
    # Its own echo is left out below; what any other command sent is news.
    matches = event_matcher(filter_, Context(now=time.time, marked=()), sender="speech")
    own_too = filter_.mentions("is:echo")
    early: dict[str, tuple[Event, float]] = {}
    """The first event of each agent whose echo may still come, and until when."""
    try:
        while True:
            until = min([end, *(until for _, until in early.values())])
            try:
                for each in client.stream(until):
                    if not isinstance(each, Event) or not message.take(each):
                        continue
                    is_own = message.is_echo(each)
                    if is_own:
                        early.pop(each.agent, None)
                    if (is_own and not own_too) or not matches(each):
                        continue
                    if message.is_acknowledged(each.agent):
                        return each
                    if each.agent not in early:
                        early[each.agent] = (each, min(end, time.monotonic() + _ECHO_WITHIN))
                        break  # it is not waited for longer than that
            except TimeoutError:
                return min((event for event, _ in early.values()), default=None, key=_seq)
    except PatternStopped as error:
        failed(str(error))


def _seq(event: Event) -> int:
    return event.seq


def _wait_for_echoes(client: FollowedHub, message: SentMessage) -> None:
    if not message.waits:
        return
    with suppress(TimeoutError):
        for each in client.stream(time.monotonic() + _ECHO_WITHIN):
            if isinstance(each, Event):
                message.take(each)
            if not message.waits:
                return


def _report_sent(message: SentMessage, delivery: Delivery) -> None:
    """Reports in one line what became of it, where a person reads that."""
    if not _is_read():
        return
    parts = []
    for agent in delivery.agents:
        if not message.is_echoed:
            how = _("never acknowledged by agents")
        elif (round_trip := message.round_trips.get(agent)) is None:
            how = _("no echo yet")
        else:
            how = _("acknowledged after {count:,.0f} ms").format(count=round_trip * 1000)
        parts.append(_("sent to {agent}: {how}").format(agent=agent, how=how))
    report("; ".join(parts))
