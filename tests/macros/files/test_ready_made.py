"""The ready-made macros do what they say with an agent that does what the real one does."""

import pytest

from mdxdash.macros.files.ready_made import library
from mdxdash.macros.files.table_editing import add_macro
from mdxdash.macros.files.toml_form import read_macros
from mdxdash.macros.model import Macro
from mdxdash.macros.selection import independent_macros
from mdxdash.settings.toml_source import parse_toml
from tests.support.macro_agents import agent_at_work
from tests.support.macro_texts import source

DUMP = "Dump all variables as they are set"


@pytest.mark.parametrize("log", [False, True])
async def test_each_of_them_passes(log: bool) -> None:
    async with agent_at_work(log=log) as agent:
        for macro in independent_macros(library()):
            assert (await agent.run(macro)).state == "passed"


async def test_variables_are_dumped_as_they_are_set() -> None:
    macros = [macro for macro in library() if macro.name == DUMP]
    async with agent_at_work(macros) as agent:
        await agent.send("VALUE_SET", "score", 10)
        event = await agent.expect("type:VALUE_EVENT_GET args:score|*")
        assert event.args == "score|10"


def test_they_can_be_copied_into_a_file() -> None:
    text = "macro = []\n"
    for macro in library():
        text = add_macro(source(text), macro)
    read: tuple[Macro, ...] = read_macros(parse_toml(text.encode(), source("").path))
    assert read == library()
