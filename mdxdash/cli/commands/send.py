"""`mdxdash send`: a message through a running hub, and perhaps what comes of it."""

import sys
import time

import click

from mdxdash.catalog.check import doubts
from mdxdash.cli.exit_codes import NO_AGENT
from mdxdash.cli.options import fail
from mdxdash.cli.output.diagnostics import report
from mdxdash.cli.output.event_printer import FORMATS, encoder
from mdxdash.cli.reaching.running_hub import chosen_hub, connected, failed, running_hub_option
from mdxdash.events.event import Event
from mdxdash.filters.filter import Context, Filter, FilterError, parse
from mdxdash.filters.regex import PatternStopped
from mdxdash.hub.interface import Delivery
from mdxdash.language.translation import _
from mdxdash.macros.running.event_matching import event_matcher
from mdxdash.remote.protocol import Answer, Send
from mdxdash.remote.shell_client import ShellClient, first_line
from mdxdash.settings.quantities import format_duration, parse_duration


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

    With --wait it ends with the first event, of an agent that the message went to, that passes the
    filter. Echoes of what `send` sent do not count, unless the filter mentions `is:echo`.

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
    attach = first_line("send", events=filter_ is not None)
    with connected(chosen_hub(name), attach) as client:
        answer = client.ask(Send(line, target, sure))
        delivery = answer.delivery or Delivery()
        _check(delivery)
        if filter_ is not None:
            event = _first(client, filter_, answer, time.monotonic() + seconds)
            if event is None:
                failed(
                    _("no event that passes came within {seconds}").format(
                        seconds=format_duration(seconds)
                    )
                )
            sys.stdout.buffer.write(encoder(format_)(event))


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


def _first(client: ShellClient, filter_: Filter, answer: Answer, end: float) -> Event | None:
    """Returns the first event that the message may have caused and that passes; None if none came
    before `end`."""
    assert answer.delivery is not None
    matches = event_matcher(filter_, Context(now=time.time, marked=()), "send")
    try:
        for each in client.stream(end):
            if (
                isinstance(each, Event)
                and each.seq >= answer.next_seq
                and each.agent in answer.delivery.agents
                and matches(each)
            ):
                return each
    except TimeoutError:
        pass
    except PatternStopped as error:
        failed(str(error))
    return None
