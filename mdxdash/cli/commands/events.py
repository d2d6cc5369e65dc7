"""`mdxdash events`: the events of a running hub, on stdout."""

import sys
import time

import click

from mdxdash.cli.options import read_filter
from mdxdash.cli.output.diagnostics import report
from mdxdash.cli.output.event_printer import FORMATS, encoder
from mdxdash.cli.reaching.running_hub import chosen_hub, failed, followed, running_hub_option
from mdxdash.events.event import Event
from mdxdash.filters.filter import Context
from mdxdash.language.translation import _
from mdxdash.remote.protocol import Behind, Marked, Welcome
from mdxdash.remote.shell_client import first_line


@click.command(name="events")
@running_hub_option
@click.option("--filter", "filter_text", default="", help="Print only these events.")
@click.option(
    "--format", "format_", type=click.Choice(list(FORMATS)), default="text", show_default=True
)
@click.option(
    "--tail",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    metavar="N",
    help="Begin with the last N events.",
)
def command(name: str | None, filter_text: str, format_: str, tail: int) -> None:
    """Print the events of a hub that runs, until ctrl-C or until the hub ends. When another
    process takes the hub over (`mdxdash hub restart`, or after a crash), it goes on there.

    It may read slowly, or stop for a while: the hub does not wait for it, and gives it what it has
    missed from the recording.
    """
    filter_ = read_filter(filter_text)
    encode = encoder(format_)
    out = sys.stdout.buffer
    attach = first_line("events", events=True, tail=tail)
    with followed(chosen_hub(name), attach) as client:
        marked = set(client.welcome.marked)
        passes = filter_.compile(
            Context(now=time.time, marked=marked),
            lambda reason: failed(
                _("{reason}: no event is printed any more").format(reason=reason)
            ),
        )
        try:
            for each in client.stream():
                match each:
                    case Event() if passes(each):
                        out.write(encode(each))
                    case Welcome():
                        marked.clear()
                        marked.update(each.marked)
                    case Marked(seq=seq, on=on):
                        (marked.add if on else marked.discard)(seq)
                    case Behind(first=first, last=last):
                        report(
                            _("the events {first:,} to {last:,} are gone").format(
                                first=first, last=last
                            )
                        )
                if client.has_read_all:
                    out.flush()
        except KeyboardInterrupt:
            return
