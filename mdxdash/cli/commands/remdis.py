"""`mdxdash remdis`: what the modules of Remdis say to each other, folded into what it means."""

import asyncio
import json
import sys
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from mdxdash.cli.command_group import CommandGroup
from mdxdash.cli.exit_codes import FAILED
from mdxdash.cli.options import common_options, read_settings
from mdxdash.cli.output.diagnostics import report
from mdxdash.cli.output.standard_output import show
from mdxdash.cli.reaching.chosen_broker import chosen_remdis_broker
from mdxdash.cli.reaching.running_hub import chosen_hub
from mdxdash.cli.signals import Interrupted, run_until_signal
from mdxdash.dialogue.exchanges import EXCHANGES
from mdxdash.events.printable import cell_width, printable
from mdxdash.events.text import clock
from mdxdash.language.translation import _, localized
from mdxdash.remdis.folding import Folding
from mdxdash.remdis.listening import put as put_in
from mdxdash.remdis.row_notes import row_text
from mdxdash.remdis.rows import Row
from mdxdash.remdis.rows_into_hub import RowsIntoHub
from mdxdash.remdis.source import RemdisSource
from mdxdash.remdis.turns import Turn, Turns
from mdxdash.remdis.units import AGENT_EXCHANGES, UPDATES, hazard
from mdxdash.remote.attached.control_channel import control_opener
from mdxdash.remote.fleet.broker_address import BrokerAddress
from mdxdash.remote.fleet.broker_connection import BrokerError

_SIGNS: Final = {"growing": "…", "corrected": "~", "settled": "✓", "revoked": "✕", "flagged": "!"}


_URL: Final = click.option(
    "--url",
    metavar="URL",
    help="The broker.  [default: `[remdis] url` or `[fleet] url` of the settings, else "
    "amqp://localhost]",
)

_TLS_CA: Final = click.option(
    "--tls-ca",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Trust this certificate of the broker (amqps://).",
)


@click.group(name="remdis", cls=CommandGroup, invoke_without_command=True)
@_URL
@_TLS_CA
@click.option("--exchange", "exchanges", multiple=True, help="Only this one; may be repeated.")
@click.option(
    "--consumed",
    multiple=True,
    metavar="EXCHANGE",
    help="An exchange that an agent consumes.  [default: dialogue2, tts]",
)
@click.option("--growing", is_flag=True, help="Also print a row each time that it changes.")
@click.option(
    "--into",
    "hub",
    metavar="HUB",
    help="Give the rows to this running hub, too: its dashboards show them beside its agents.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "jsonl"]),
    default="text",
    show_default=True,
)
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    url: str | None,
    tls_ca: Path | None,
    exchanges: tuple[str, ...],
    consumed: tuple[str, ...],
    growing: bool,
    hub: str | None,
    format_: str,
    **options: Any,
) -> None:
    """Show what the modules of Remdis say to each other, a row for what belongs together.

    Text grows, is corrected and is settled; sound is one row with its seconds and level. After
    each turn stands how long the answer took. A unit that would end the agent that consumes it is
    marked with `!`. It only listens.
    """
    if ctx.invoked_subcommand is not None:
        return
    address = chosen_remdis_broker(url, read_settings(**options), tls_ca)
    folding = Folding(consumed or AGENT_EXCHANGES)
    rows = None
    if hub is not None:
        rows = RowsIntoHub(control_opener(chosen_hub(hub).name), folding.turns)
    printing = _Printing(folding.turns, rows, growing=growing, jsonl=format_ == "jsonl")
    try:
        run_until_signal(_listen(address, exchanges or EXCHANGES, folding, printing))
    except Interrupted:
        return


@command.command(name="put")
@click.argument("exchange")
@click.argument("body")
@_URL
@_TLS_CA
@click.option(
    "--update", type=click.Choice(UPDATES), default="add", show_default=True, help="Its kind."
)
@click.option("--id", "id_", help="Its id; that of what it revokes.  [default: a new one]")
@click.option("--data-type", help="`audio` or `expression_and_action`, for an agent.")
@click.option("--to-agent", is_flag=True, help="Also where an agent consumes it.")
@common_options
def put(
    exchange: str,
    body: str,
    url: str | None,
    tls_ca: Path | None,
    update: str,
    id_: str | None,
    data_type: str | None,
    to_agent: bool,
    **options: Any,
) -> None:
    """Put a unit with BODY, a text or JSON, into an exchange of Remdis.

    A unit that would end an agent is refused, and one for an exchange that an agent consumes needs
    --to-agent.
    """
    address = chosen_remdis_broker(url, read_settings(**options), tls_ca)
    unit: dict[str, Any] = {
        "timestamp": time.time(),
        "id": id_ or str(uuid.uuid4()),
        "producer": "mdxdash",
        "update_type": update,
        "exchange": exchange,
        "body": _body(body),
    }
    if data_type is not None:
        unit["data_type"] = data_type
    data = json.dumps(unit, ensure_ascii=False).encode()
    if exchange in AGENT_EXCHANGES or data_type is not None:
        if not to_agent:
            _refuse(
                _("an agent consumes {exchange} (--to-agent puts it there)").format(
                    exchange=exchange
                )
            )
        if reason := hazard(data):
            _refuse(_("it would end the agent: {reason}").format(reason=reason))
    try:
        asyncio.run(put_in(address, exchange, data))
    except BrokerError as error:
        _refuse(str(error))


def _refuse(reason: str) -> None:
    report(_("mdxdash: not put in: {reason}").format(reason=reason))
    sys.exit(FAILED)


def _body(text: str) -> Any:
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return found if isinstance(found, dict | list) or found is None else text


async def _listen(
    address: BrokerAddress, exchanges: tuple[str, ...], folding: Folding, to: "_Printing"
) -> None:
    source = RemdisSource(
        address, exchanges, folding, to.take, lambda fault, text: report(f"mdxdash: {text}")
    )
    await (source.run() if to.rows is None else to.rows.run(source))


class _Printing:
    """Prints rows as they settle, and turns when their sound has begun."""

    def __init__(
        self, turns: Turns, rows: RowsIntoHub | None, *, growing: bool, jsonl: bool
    ) -> None:
        """`rows` gets what is printed, too."""
        self.rows = rows
        self._turns = turns
        self._growing = growing
        self._jsonl = jsonl
        self._printed: Turn | None = None

    def take(self, rows: Sequence[Row], now: float) -> None:
        """Takes rows that are new or have changed. `now` is Unix time."""
        for row in rows:
            if self._growing or row.is_over:
                self._show(row)
        if self.rows is not None:
            self.rows.give(rows, now)
        turn = self._turns.answered
        if turn is not None and turn.tts is not None and turn is not self._printed:
            self._printed = turn
            if self._jsonl:
                show(msgspec.json.encode({"turn": msgspec.to_builtins(turn)}).decode())
            else:
                title = _("turn")
                gap = " " * max(0, 10 - cell_width(title))
                show(f"{clock(turn.at + turn.tts)}   {title}{gap} {printable(turn.text)}")

    def _show(self, row: Row) -> None:
        if self._jsonl:
            fields = {**msgspec.to_builtins(row), "text": row.text}
            del fields["parts"]
            show(msgspec.json.encode(fields).decode())
            return
        text = row_text(row)
        if row.revoked or row.state == "flagged":
            text = localized(text)
        sign = _SIGNS[row.state]
        show(f"{clock(row.updated)} {sign} {row.exchange:<10} {printable(text)}")
