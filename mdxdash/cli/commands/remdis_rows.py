"""`mdxdash remdis-rows`: the process that listens to Remdis for a hub; the hub starts it."""

import asyncio
import logging
from contextlib import suppress
from io import FileIO

import click
import msgspec

from mdxdash.cli.hosting.side_input import end_of_input, ignore_hangup
from mdxdash.dialogue.exchanges import EXCHANGES
from mdxdash.remdis.folding import Folding
from mdxdash.remdis.rows_into_hub import RowsIntoHub
from mdxdash.remdis.source import RemdisSource
from mdxdash.remote.attached.control_channel import control_opener
from mdxdash.remote.fleet.remdis_process import RemdisStart


@click.command(name="remdis-rows", hidden=True)
def command() -> None:
    """Makes events of a hub of what the modules of Remdis say, until the hub ends. What it needs is
    the first line of its standard input."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    ignore_hangup()
    stdin = FileIO(0, closefd=False)
    line = stdin.readline()
    if line:
        start = msgspec.json.decode(line, type=RemdisStart)
        with suppress(asyncio.CancelledError):
            asyncio.run(_listen(start, stdin))


async def _listen(start: RemdisStart, stdin: FileIO) -> None:
    folding = Folding()
    rows = RowsIntoHub(control_opener(start.hub), folding.turns)
    source = RemdisSource(start.address, EXCHANGES, folding, rows.give, rows.report)

    async def listen() -> None:
        await rows.link.wait_attached()  # what comes before that would be left out
        await source.run()

    tasks = [
        asyncio.create_task(rows.link.run()),
        asyncio.create_task(listen()),
        asyncio.create_task(end_of_input(stdin)),
    ]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()  # raises what has ended it
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
