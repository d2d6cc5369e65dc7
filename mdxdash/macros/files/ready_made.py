"""The ready-made macros that ship with mdxdash, to be copied into the user's file."""

from functools import cache
from importlib import resources
from pathlib import Path

from mdxdash.macros.files.toml_form import read_macros
from mdxdash.macros.model import Macro
from mdxdash.settings.toml_source import parse_toml

FILE_NAME = "library.toml"


@cache
def library() -> tuple[Macro, ...]:
    """Returns the ready-made macros; none has a key. `add_macro` copies one into a file."""
    content = resources.files("mdxdash.macros.files").joinpath(FILE_NAME).read_bytes()
    return read_macros(parse_toml(content, Path(FILE_NAME)))
