"""A group of sub-commands whose list says in a whole sentence what each does."""

import click

from mdxdash.language.translation import _

_WHOLE = 1_000
"""Characters of a sentence; click cuts it after some 50, though it wraps lines."""


class CommandGroup(click.Group):
    """Lists its sub-commands, each with the first sentence of its help."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(_("Commands")):
            formatter.write_dl(
                [
                    (name, command.get_short_help_str(_WHOLE))
                    for name, command in sorted(self.commands.items())
                    if not command.hidden
                ]
            )
