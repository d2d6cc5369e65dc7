"""`mdxdash serve`: the hub without a screen. Never imports Textual."""

import sys
import time
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from pathlib import Path
from typing import Any

import click
import msgspec

from mdxdash.cli.hosting.background_macros import failures_reported
from mdxdash.cli.hosting.event_loop import hub_loop
from mdxdash.cli.hosting.hand_over import allow_restart, kept
from mdxdash.cli.hosting.session_recording import warnings_reported
from mdxdash.cli.hosting.session_start import new_session
from mdxdash.cli.hosting.stdin_commands import StdinCommands
from mdxdash.cli.hosting.unattended import until_over
from mdxdash.cli.options import (
    check_record_file,
    fail,
    hub_options,
    name_option,
    read_filter,
    read_settings,
    recording_options,
)
from mdxdash.cli.output.diagnostics import in_background, report
from mdxdash.cli.output.event_printer import FORMATS, EventPrinter, batch_encoder
from mdxdash.cli.output.turn_printing import turns_printed
from mdxdash.cli.reaching.hub_in_place import attach_hint
from mdxdash.cli.signals import Interrupted, on_hangup, run_until_signal
from mdxdash.events.event import Event
from mdxdash.events.storage.event_batch import EventBatch
from mdxdash.events.storage.event_store import memory_sizes
from mdxdash.filters.filter import Context, Filter
from mdxdash.hub.address import CannotListen
from mdxdash.language.translation import _, ngettext
from mdxdash.remote.hub_session import HubSession
from mdxdash.settings.model import Origin
from mdxdash.settings.tables.command_sections import ProgramSettings


@click.command(name="serve")
@hub_options
@name_option
@recording_options
@click.option(
    "--format", "format_", type=click.Choice(list(FORMATS)), default="text", show_default=True
)
@click.option("--filter", "filter_text", default="", help="Print only these events.")
@click.option(
    "--turns", is_flag=True, help="Print turns instead of events: what was said, and when."
)
@click.option("--wait-agent", is_flag=True, help="Keep the lines of stdin until an agent is there.")
@click.option(
    "--to",
    "target",
    help="Send to a name, pattern or group; =NAME is exactly that agent.  [default: all]",
)
@click.option(
    "--macro",
    "macros",
    multiple=True,
    metavar="NAME",
    help="Run this macro of the settings file; may be repeated.",
)
@click.option(
    "--exec",
    "commands",
    multiple=True,
    metavar="COMMAND",
    help="Start a script: events are lines of its input, its output is sent; may be repeated.",
)
@click.option("--feed", default="", metavar="FILTER", help="The events that --exec gets.")
@click.option("--each-agent", is_flag=True, help="Start --exec once for each agent.")
def command(
    format_: str,
    filter_text: str,
    macros: tuple[str, ...],
    record_file: Path | None,
    target: str | None,
    turns: bool,
    commands: tuple[str, ...],
    feed: str,
    each_agent: bool,
    wait_agent: bool,
    **options: Any,
) -> None:
    """The hub without a screen: each event a line on stdout, each line from stdin is sent.

    With --turns each turn is a line, printed when it is complete; --filter prints those of which
    an event passes.

    A --macro with `every` runs periodically, one with `on` runs when its event arrives, and any
    other runs once on each agent that connects.

    Diagnostics go to stderr; the first line names the address. Ctrl-C ends it. When
    nobody reads stdout any more, or the terminal is gone, the hub goes on while agents are
    connected.
    """
    settings = read_settings(**options)
    filter_ = read_filter(filter_text)
    check_record_file(record_file)
    read_filter(feed)
    start = "agent" if each_agent else "hub"
    programs = {
        f"{index}": ProgramSettings(command, start, feed, target or "")
        for index, command in enumerate(commands, 1)
    }
    given = {f"program.{name}": Origin("option", "--exec") for name in programs}
    settings = msgspec.structs.replace(
        settings,
        programs={**settings.programs, **programs},
        origins={**settings.origins, **given},
    )
    make_loop = hub_loop(tls=settings.hub.has_tls)
    session = new_session(settings, record_file=record_file, triggers=False, named=macros)
    try:
        with in_background():
            run_until_signal(
                _serve(
                    session,
                    format_,
                    filter_,
                    target,
                    turns=turns,
                    checks=bool(macros),
                    waits=wait_agent,
                ),
                make_loop,
            )
    except Interrupted:
        return
    except CannotListen as error:
        fail(f"{error}{attach_hint(settings)}")


async def _serve(
    session: HubSession,
    format_: str,
    filter_: Filter,
    target: str | None,
    *,
    turns: bool,
    checks: bool,
    waits: bool,
) -> None:
    """`turns`: whether turns are printed instead of events. `checks`: whether the macros are
    checked against the catalog. `waits`: whether lines of stdin are kept until an agent is
    there."""
    hub = session.hub
    passes = filter_.compile(
        Context(now=time.time, marked=()),
        lambda reason: report(_("{reason}: no event is printed any more").format(reason=reason)),
    )
    recorded = "" if session.journal is None else _("; the recording has what is missing")

    def report_dropped(dropped: int) -> None:
        report(
            ngettext(
                "stdout is read too slowly: {dropped:,} event was not printed{recorded}",
                "stdout is read too slowly: {dropped:,} events were not printed{recorded}",
                dropped,
            ).format(dropped=dropped, recorded=recorded)
        )

    printer: EventPrinter[Any]
    if turns:
        printer = EventPrinter(sys.stdout.buffer, b"".join, report_dropped, size=_lengths)
    else:
        form = batch_encoder(format_)
        printer = EventPrinter(sys.stdout.buffer, form, report_dropped, size=_memory)
    with printer:
        printed: AbstractAsyncContextManager[object] = nullcontext()
        if turns:
            printed = turns_printed(session.log, passes, format_, printer.put)
        else:
            put = printer.put_all
            if filter_.is_empty:
                session.log.subscribe_batches(put)
            else:
                session.log.subscribe_batches(lambda events: put([*filter(passes, events)]))
        async with printed, warnings_reported(session.journal), session:
            with on_hangup(printer.give_up):
                report(_("listening on {url}").format(url=hub.url))
                if session.control_problem:
                    report(session.control_problem)
                StdinCommands(hub, target, waits=waits).start()
                allow_restart(session)
                async with kept(session):
                    with failures_reported(session.runner, report, checks=checks):
                        await until_over(session, printer.closed())


def _memory(events: Sequence[Event]) -> int:
    # Those that a filter has let pass are no batch any more.
    return events.memory if isinstance(events, EventBatch) else memory_sizes(events)


def _lengths(lines: Sequence[bytes]) -> int:
    return sum(map(len, lines))
