"""The command line: `mdxdash` alone is the dashboard, each sub-command has a file of its own.

Commands are imported when they are called, so that `mdxdash serve` never loads Textual and the
dashboard never loads what it does not show.
"""

import sys
from importlib import import_module

import click

from mdxdash.filters.regex import PatternStopped
from mdxdash.version import __version__

COMMANDS = {
    "serve": "The hub without a screen: events on stdout, commands from stdin.",
    "explain": "What a message or a code means.",
    "run": "Macros of a file in order, with an exit code and JUnit XML for CI.",
    "open": "A recording, or other people's text, in the dashboard.",
    "sessions": "The recorded sessions.",
    "export": "A recording as JSON Lines, CSV, text, or a page of HTML.",
    "stats": "Rates, round trips, lost echoes and types of a recording.",
    "replay": "The commands of a recording, sent again to an agent.",
    "check": "What in an agent's .mdf keeps it from this mdxdash; --fix mends it.",
    "cert": "A certificate and its key for wss://.",
    "secret": "A secret that agents carry in their path.",
    "mdf": "The lines that an agent's .mdf needs.",
    "simulate": "A stand-in agent that dials a hub, for trying things out.",
}
"""Every sub-command with its short help; its module is `mdxdash.cli.commands.<name>`."""


class LazyGroup(click.Group):
    """Sub-commands that cost nothing until they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"mdxdash.cli.commands.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def main() -> None:
    """The entry point `mdxdash`."""
    from mdxdash.cli.commands.dashboard import command  # noqa: PLC0415  as late as every other command

    group = LazyGroup(
        name="mdxdash",
        callback=command.callback,
        params=command.params,
        help=command.help,
        invoke_without_command=True,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    click.version_option(__version__, prog_name="mdxdash")(group)
    try:
        group(prog_name="mdxdash")
    except PatternStopped as error:
        sys.exit(f"mdxdash: {error}")
