"""The README and the guides of `mdxdash help`, taken apart into samples."""

import re
import shlex
from pathlib import Path

from mdxdash.cli.commands.help import TOPICS, guide

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
ENGLISH = {topic: guide(topic, "en") for topic in TOPICS}
JAPANESE = {topic: guide(topic, "ja") for topic in TOPICS}
DOCUMENTS = (
    {"README": README} | ENGLISH | {f"{topic} (ja)": text for topic, text in JAPANESE.items()}
)


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def shell_lines(text: str) -> list[str]:
    """Every line of every sh block, without its comment."""
    lines = [line for block in blocks(text, "sh") for line in block.splitlines()]
    return [shlex.join(shlex.split(line, comments=True)) for line in lines if line.strip()]


def inline_commands(text: str) -> list[str]:
    """Every `mdxdash …` in running text and tables."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    codes = re.findall(r"`([^`]+)`", prose)
    return [" ".join(code.split()) for code in codes if code.startswith("mdxdash ")]


def table_codes(section: str) -> list[str]:
    """Every code in the tables of a text, with the table's `\\|` read as a bar."""
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [code.replace("\\|", "|") for row in rows for code in re.findall(r"`([^`]+)`", row)]
