"""`mdxdash remdis-rows`: the process that listens to Remdis for a hub; the hub starts it."""

from io import FileIO

import click

from mdxdash.cli.hosting.side_input import end_of_input, run_beside
from mdxdash.dialogue.exchanges import EXCHANGES
from mdxdash.remdis.folding import Folding
from mdxdash.remdis.rows_into_hub import RowsIntoHub
from mdxdash.remdis.source import RemdisSource
from mdxdash.remote.attached.control_channel import control_opener
from mdxdash.remote.beside.first_done import first_done
from mdxdash.remote.fleet.remdis_process import RemdisStart


@click.command(name="remdis-rows", hidden=True)
def command() -> None:
    """Makes events of a hub of what the modules of Remdis say, until the hub ends. What it needs is
    the first line of its standard input."""
    run_beside(RemdisStart, _listen)


async def _listen(start: RemdisStart, stdin: FileIO) -> None:
    folding = Folding()
    rows = RowsIntoHub(control_opener(start.hub), folding.turns)
    source = RemdisSource(start.address, EXCHANGES, folding, rows.give, rows.report)
    await first_done(rows.run(source), end_of_input(stdin))
