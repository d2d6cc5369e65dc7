"""`mdxdash new`: a small working start of a bridge, a test or a file of macros."""

from pathlib import Path
from typing import Final

import click

from mdxdash.cli.options import fail
from mdxdash.cli.output.standard_output import show
from mdxdash.language.translation import _

_BRIDGE: Final = '''\
"""Answers what the user says. Start it, and then MMDAgent-EX."""

import asyncio

import mdxdash


async def main():
    async with mdxdash.Hub() as hub:
        agent = await hub.agent(timeout=600)
        async for event in agent.events("type:RECOG_EVENT_STOP"):
            answer = f"{event.args}ですね"
            await agent.send("SYNTH_START", "0", "mei_voice_normal", answer)


asyncio.run(main())
'''

_TEST: Final = '''\
"""Tests a dialogue: `pytest FILE`, and then start MMDAgent-EX."""

import asyncio

import mdxdash


async def dialogue():
    async with mdxdash.Hub() as hub:
        agent = await hub.agent(timeout=60)
        reply = await agent.ask("VALUE_SET", "score", 10, reply="type:VALUE_EVENT_SET args:score")
        assert reply.args == "score"


def test_a_value_is_set():
    asyncio.run(dialogue())
'''

_MACROS: Final = """\
# Macros: `mdxdash --config FILE` shows them, `mdxdash run FILE` runs the first as a test.
version = 1

[[macro]]
name = "Set a value"
key = "1"
steps = [
  { send = "VALUE_SET|score|10" },
  { wait = "type:VALUE_EVENT_SET args:score", timeout = "5s" },
]

[[macro]]
name = "Answer"
on = "type:RECOG_EVENT_STOP"
cooldown = "1s"
send = "SYNTH_START|0|mei_voice_normal|{args}ですね"
"""

STARTS: Final = {
    "bridge": ("bridge.py", _BRIDGE, "python bridge.py"),
    "test": ("test_dialogue.py", _TEST, "pytest test_dialogue.py"),
    "macros": ("macros.toml", _MACROS, "mdxdash --config macros.toml"),
}
"""Each kind: its file, what stands in it, and how it is started."""


@click.command(name="new")
@click.argument("kind", type=click.Choice(list(STARTS)))
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
def command(kind: str, file: Path | None) -> None:
    """Write a small working start: a bridge in Python that answers the user, a test of a dialogue,
    or a file of macros. A file that exists is left as it is."""
    name, text, start = STARTS[kind]
    path = file or Path(name)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as new:
            new.write(text)
    except FileExistsError:
        fail(_("{path} exists already; name another FILE").format(path=path))
    except OSError as error:
        fail(f"{path}: {error.strerror or error}")
    show(
        _("wrote {path}; start it with: {name}").format(
            path=path, name=start.replace(name, str(path))
        )
    )
