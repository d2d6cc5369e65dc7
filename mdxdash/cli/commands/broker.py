"""`mdxdash broker`: the hubs of a broker from the shell: they are listed, sent to, macros fired."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from mdxdash.catalog.check import doubts
from mdxdash.cli.command_group import CommandGroup
from mdxdash.cli.dashboards.fleet_person import person
from mdxdash.cli.exit_codes import FAILED, NO_AGENT
from mdxdash.cli.options import common_options, fail, read_settings
from mdxdash.cli.output.diagnostics import report
from mdxdash.cli.output.standard_output import show
from mdxdash.cli.output.text_table import table
from mdxdash.cli.reaching.chosen_broker import chosen_broker
from mdxdash.cli.signals import Interrupted, run_until_signal
from mdxdash.events.log import EventLog
from mdxdash.language.translation import _, localized
from mdxdash.remote.fleet.addressing import place
from mdxdash.remote.fleet.watching.fleet_hub import ASKED_FROM, Order, many_text
from mdxdash.remote.fleet.watching.fleet_watch import FleetWatch
from mdxdash.remote.fleet.watching.hub_reception import HEARD_WITHIN
from mdxdash.remote.fleet.watching.outcome import ACKNOWLEDGED, SENT, Outcome
from mdxdash.remote.fleet.watching.watched_hub import WatchedHub
from mdxdash.wire.message import parse_message

_CONNECT_WITHIN: Final = 15.0

_LATELY: Final = 60.0
"""Seconds before now in which a hub must have been there to be known."""

F = TypeVar("F", bound=Callable[..., Any])


def _broker_options(function: F) -> F:
    broker = click.option(
        "--broker", metavar="URL", help="The broker.  [default: `[fleet] url` of the settings]"
    )
    ca = click.option(
        "--tls-ca",
        metavar="FILE",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Trust this certificate of the broker (amqps://).",
    )
    return broker(ca(common_options(function)))


@click.group(name="broker", cls=CommandGroup)
def command() -> None:
    """The hubs that publish at a broker: list them, send to their agents, fire their macros.

    Their dashboard is `mdxdash attach amqps://broker.example.org`.
    """


@command.command(name="list")
@_broker_options
def list_hubs(broker: str | None, tls_ca: Path | None, **options: Any) -> None:
    """List the hubs, with their agents, what is missing, and clocks that differ.

    Ends with 0 if all are there, 1 if one of the last minute is gone.
    """
    watch = _watch(broker, tls_ca, options)
    _run(_heard(watch))
    hubs = [watch.hub.hubs[name] for name in sorted(watch.hub.hubs, key=place)]
    if not hubs:
        show(_("no hub has said anything in the last minute"))
        return
    heads = (_("hub"), _("state"), _("agents"), _("clock"), _("agents dial"))
    show(table(heads, map(_row, hubs)))
    if any(map(_is_gone, hubs)):
        sys.exit(FAILED)


@command.command(name="send")
@click.argument("target", metavar="TARGET")
@click.argument("line", metavar="'TYPE|ARGS'")
@click.option("--sure", is_flag=True, help="Send it also to many agents, or if it may harm one.")
@_broker_options
def send(
    target: str, line: str, sure: bool, broker: str | None, tls_ca: Path | None, **options: Any
) -> None:
    """Send a message to agents of any hub, and print what becomes of it at each.

    TARGET is an agent (room-3/chat), a hub (room-3), a pattern ('room-*/chat'), a group of the
    settings, or all. More than five agents are asked about.

    Ends with 0 if every agent has got it, 1 if not, as where it is not there; 3 if a pattern or a
    group selects none.
    """
    found = () if sure else doubts(line)
    if found:
        report(_("mdxdash: not sent: {found} (--sure sends it as it is)").format(found=found[0]))
        sys.exit(FAILED)
    watch = _watch(broker, tls_ca, options)
    message = parse_message(line)

    def order() -> Order:
        agents = watch.hub.selected(None if target == "all" else target)
        hub, slash, agent = target.removeprefix("=").partition("/")
        if not agents and slash and not set("*?[") & set(target):
            agents = {hub: (agent,)}  # it has not been there for a while, or not yet
        return Order(agents, message, sure=sure)

    _carry_out(watch, order, sure=sure)


@command.command(name="fire")
@click.argument("hubs", metavar="HUBS")
@click.argument("macro")
@click.option("--sure", is_flag=True, help="Fire it also where there are many agents.")
@_broker_options
def fire(
    hubs: str, macro: str, sure: bool, broker: str | None, tls_ca: Path | None, **options: Any
) -> None:
    """Fire a macro of other hubs: it runs where the agent is, on its own target.

    HUBS is a hub (room-3), a pattern ('room-*'), or all.

    Ends with 0 if it was fired at every hub, 1 if not, as where it is not there; 3 if a pattern
    selects none.
    """
    watch = _watch(broker, tls_ca, options)

    def order() -> Order:
        known = [*watch.hub.hubs, hubs] if not set("*?[") & set(hubs) else watch.hub.hubs
        wanted = {name for name in known if hubs == "all" or fnmatchcase(name, hubs)} - {"all"}
        here = watch.hub.hubs
        return Order(
            {
                name: tuple(here[name].agents) if name in here else ()
                for name in sorted(wanted, key=place)
            },
            macro=macro,
        )

    _carry_out(watch, order, sure=sure)


def _watch(broker: str | None, tls_ca: Path | None, options: dict[str, Any]) -> FleetWatch:
    settings = read_settings(**options)
    address = chosen_broker(broker, settings, tls_ca)
    return FleetWatch(
        address,
        EventLog(1000),
        since=_LATELY,
        events=False,
        groups=settings.groups,
        person=person(),
    )


async def _heard(watch: FleetWatch) -> None:
    """Connects, and listens until every hub that is there has said so."""
    async with watch:
        await _listen(watch)


async def _listen(watch: FleetWatch) -> None:
    try:
        async with asyncio.timeout(_CONNECT_WITHIN):
            while not watch.connected:
                if watch.attempts:
                    fail(localized(watch.problem))
                await asyncio.sleep(0.02)
    except TimeoutError:
        fail(localized(watch.problem))
    await asyncio.sleep(HEARD_WITHIN)


def _carry_out(watch: FleetWatch, make: Callable[[], Order], *, sure: bool) -> None:
    """Does what is ordered, prints what became of it, and exits."""

    async def work() -> Outcome | None:
        async with watch:
            await _listen(watch)
            order = make()
            if not order.agents:
                return None
            count = sum(map(len, order.agents.values()))
            if count >= ASKED_FROM and not sure:
                agreed = await asyncio.to_thread(_agreed, count, len(order.agents))
                if not agreed:
                    raise click.exceptions.Exit(FAILED)
            return await watch.carry_out(order)

    outcome = _run(work())
    if outcome is None:
        report(_("mdxdash: there is no such agent or hub"))
        sys.exit(NO_AGENT)
    for name, at in outcome.at.items():
        show(f"{name}: {localized(at.text)}")
    if any(at.state not in (SENT, ACKNOWLEDGED) for at in outcome.at.values()):
        sys.exit(FAILED)


def _agreed(agents: int, hubs: int) -> bool:
    """Asks whether it is to be sent to so many."""
    text = localized(many_text(agents, hubs))
    if not sys.stdin.isatty():
        report(_("mdxdash: not sent: {text} (--sure sends it)").format(text=text))
        return False
    return click.confirm(_("{text}. Send it?").format(text=text[0].upper() + text[1:]), err=True)


T = TypeVar("T")


def _run(work: Coroutine[Any, Any, T]) -> T:
    try:
        return run_until_signal(work)
    except Interrupted:
        sys.exit(FAILED)


def _is_gone(hub: WatchedHub) -> bool:
    return bool(hub.gone) or hub.heard_ago > HEARD_WITHIN


def _row(hub: WatchedHub) -> tuple[str, ...]:
    presence = hub.presence
    is_gone = _is_gone(hub)
    there = 0 if is_gone else sum(agent.connected for agent in hub.agents.values())
    gone = localized(hub.gone) or _("nothing for {ago:.0f} s").format(ago=hub.heard_ago)
    return (
        hub.name,
        _("gone: {gone}").format(gone=gone) if is_gone else _("there"),
        _("{there} of {count}").format(there=there, count=len(hub.agents)),
        localized(hub.clock.text) or _("as here"),
        "" if presence is None else presence.url,
    )
