"""`mdxdash status`: what a running hub, its agents and its macros do now."""

import time
from collections.abc import Iterator

import click

from mdxdash.cli.output.standard_output import show, write_json
from mdxdash.cli.output.text_table import format_clock, table
from mdxdash.cli.reaching.running_hub import chosen_hub, connected, running_hub_option
from mdxdash.language.translation import _, localized, ngettext
from mdxdash.remote.protocol import AgentState, Status, WholeState
from mdxdash.remote.shell_client import Refused, first_line


@click.command(name="status")
@running_hub_option
@click.option("--json", "as_json", is_flag=True, help="All of it as a line of JSON.")
def command(name: str | None, as_json: bool) -> None:
    """Show what a hub that runs does now: its address, its agents, its macros."""
    with connected(chosen_hub(name), first_line("status")) as client:
        state = client.ask(Status(id=0)).state
        if state is None:
            raise Refused(_("it gave no state"))
    if as_json:
        write_json(state)
    else:
        show("\n".join(_lines(state)))


def _lines(state: WholeState) -> Iterator[str]:
    welcome, hub = state.welcome, state.hub
    yield _("hub {name} · mdxdash {mdxdash} · PID {pid}").format(
        name=welcome.name, mdxdash=welcome.mdxdash, pid=welcome.pid
    )
    count = welcome.next_seq - 1
    events = ngettext("{count:,} event", "{count:,} events", count).format(count=count)
    yield f"{welcome.url} · {events} · {hub.recording}"
    if hub.faces:
        yield _("attached: {faces}").format(faces=", ".join(hub.faces))
    yield from map(localized, hub.brokers)
    yield from filter(None, (hub.warning, hub.untrusted))
    yield ""
    if state.agents:
        heads = ("AGENT", "STATE", "SINCE", "RECEIVED", "SENT", "LOST", "QUEUED", "ADDRESS")
        yield table(heads, map(_agent_row, state.agents))
    else:
        yield _("no agent has connected; its .mdf needs:")
        yield from (f"  {line}" for line in welcome.mdf_lines)
    if state.macros:
        yield ""
        rows = [
            (name, "on" if each.on else "", f"{each.fired}", f"{each.passed}", f"{each.failed}")
            for name, each in state.macros.items()
        ]
        yield table(("MACRO", "", "FIRED", "PASSED", "FAILED"), rows)


def _agent_row(agent: AgentState) -> tuple[str, ...]:
    since = agent.connected_at if agent.gone_at is None else agent.gone_at
    counts = agent.counts
    return (
        agent.name,
        agent.state + (_(", does not read") if agent.paused else ""),
        format_clock(max(0.0, time.time() - since)),
        f"{counts.received:,}",
        f"{counts.sent:,}",
        f"{counts.lost:,}",
        f"{agent.queued:,}",
        agent.handshake.address,
    )
