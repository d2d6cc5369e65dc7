"""Macros as texts: read them, and one text that has everything that a dialogue needs."""

from pathlib import Path

from mdxdash.macros.files.toml_form import read_macros
from mdxdash.macros.model import Macro
from mdxdash.settings.toml_source import TomlSource, parse_toml

DIALOGUE = """\
[[macro]]
name = "Introduce"
key = "2"
params = { name = "ミク", voice = "mei_voice_normal" }     # asked for when fired
steps = [
  { send = "MODEL_ADD|0|gene/Gene.pmd" },
  { wait = "type:MODEL_EVENT_ADD args:0", timeout = "10s" },
  { send = "SYNTH_START|0|{voice}|私は{name}です" },
  { wait = "type:SYNTH_EVENT_STOP args:0", timeout = "30s", else = "stop" },
  { sleep = "500ms" },
  { repeat = 3, steps = [ { send = "MOTION_ADD|0|nod|nod.vmd|PART|ONCE" }, { sleep = "1s" } ] },
  { run = "Goodbye" },
]

[[macro]]
name = "Answer hello"
on = "type:RECOG_EVENT_STOP hello"      # the filter language
cooldown = "2s"
send = "SYNTH_START|0|mei_voice_normal|You said {args}"

[[macro]]
name = "Goodbye"
steps = [
  { send = "MODEL_DELETE|0" },
  { wait = "type:MODEL_EVENT_DELETE args:0" },
]
"""


def source(text: str) -> TomlSource:
    """A TOML text as the file `mdxdash.toml`."""
    return parse_toml(text.encode("utf-8"), Path("mdxdash.toml"))


def read(text: str) -> tuple[Macro, ...]:
    """The macros of a TOML text."""
    return read_macros(source(text))
