"""`mdxdash help`: longer guides, each to one topic."""

import difflib
from importlib import resources
from typing import Final

import click

from mdxdash.cli.options import fail
from mdxdash.cli.output.standard_output import show
from mdxdash.language.translation import Language, _, current

TOPICS: Final = (
    "filter",
    "macros",
    "alerts",
    "testing",
    "recordings",
    "dialogue",
    "speech",
    "headless",
    "background",
    "relay",
    "network",
    "fleet",
    "safety",
    "troubleshooting",
)
"""The guides in the order in which they are listed. Each is a file in `mdxdash/cli/topics`, and in
Japanese in the folder `ja` there."""


@click.command(name="help")
@click.argument("topic", required=False)
@click.pass_context
def command(ctx: click.Context, topic: str | None) -> None:
    """Show the guide to TOPIC, or the help of a command; without either, list the guides."""
    if topic is None:
        width = max(map(len, TOPICS))
        show(_("Guides, each shown by `mdxdash help TOPIC`:\n"))
        for name in TOPICS:
            show(f"  {name:{width}}  {title(name)}")
        show(_("\nThe commands and their options: `mdxdash --help`, `mdxdash COMMAND --help`."))
    elif topic in TOPICS:
        click.echo(guide(topic), nl=False)
    else:
        show(_command_help(ctx, topic))


def guide(topic: str, language: Language | None = None) -> str:
    """Returns the text of a guide, in Markdown; without `language` in the one in use."""
    folder = resources.files("mdxdash.cli").joinpath("topics")
    if (language or current()) == "ja":
        folder = folder.joinpath("ja")
    return folder.joinpath(f"{topic}.md").read_text(encoding="utf-8")


def title(topic: str) -> str:
    """Returns the heading of a guide."""
    return guide(topic).partition("\n")[0].removeprefix("# ")


def _command_help(ctx: click.Context, name: str) -> str:
    """Returns the help of a command. Exits with code 2 when there is no such command."""
    parent = ctx.parent
    group = parent.command if parent is not None else None
    if parent is not None and isinstance(group, click.Group):
        if found := group.get_command(parent, name):
            return found.get_help(click.Context(found, info_name=name, parent=parent))
        near = difflib.get_close_matches(name, [*TOPICS, *group.list_commands(parent)], n=1)
        hint = (
            _("did you mean {near}?").format(near=near[0])
            if near
            else _("`mdxdash help` lists the guides")
        )
        fail(_("there is no guide or command {name!r}; {hint}").format(name=name, hint=hint))
    fail(_("there is no guide {name!r}; `mdxdash help` lists them").format(name=name))
