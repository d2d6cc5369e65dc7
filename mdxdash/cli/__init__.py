"""The command line: `mdxdash` alone is the dashboard; each sub-command has a file of its own.

Commands are imported when they are called, so that `mdxdash serve` never loads Textual and the
dashboard never loads what it does not show.
"""

import gc
import io
import logging
import sys
from importlib import import_module

import click

from mdxdash.cli.output.diagnostics import report
from mdxdash.cli.shown_language import choose_language, take_wrong, translated
from mdxdash.cli.standard_streams import finish_stdout, open_closed_descriptors, stdout_failed
from mdxdash.filters.regex import PatternStopped
from mdxdash.language.translation import N_, _, localized
from mdxdash.version import __version__

COMMANDS = {
    "help": N_("Longer guides: filter, macros, recordings and more."),
    "serve": N_("The hub without a screen: events to stdout, commands from stdin."),
    "attach": N_("The dashboard of a hub that runs already."),
    "web": N_("Serve the dashboard of a running hub to browsers."),
    "broker": N_("The hubs of a broker: list them, send to their agents."),
    "remdis": N_("What the modules of Remdis say to each other, folded into what it means."),
    "hub": N_("Start, list and stop hubs in the background."),
    "status": N_("What a running hub, its agents and its macros do now."),
    "send": N_("Send a message through a running hub, and wait for an event."),
    "events": N_("Print the events of a running hub."),
    "explain": N_("What a message type or a code means."),
    "run": N_("Run a file's macros in order, with an exit code and JUnit XML for CI."),
    "open": N_("Show a recording, or a log of another program, in the dashboard."),
    "speak": N_("Let an agent speak sound files, with moving lips."),
    "new": N_("Write a small working start: a bridge, a test, macros."),
    "sessions": N_("List the recorded sessions."),
    "export": N_("Write a recording as JSON Lines, CSV, text or HTML."),
    "stats": N_("Show rates, round trips, lost echoes and types of a recording."),
    "turns": N_("Show the turns of a recording, and how long the user waited in each."),
    "compare": N_("Compare two sessions: what was said, and how long the user waited."),
    "replay": N_("Send the commands of a recording again to an agent."),
    "check": N_("Find what in a .mdf keeps an agent from connecting; --fix corrects it."),
    "config": N_("The settings in force and where they come from; a file to begin with."),
    "trust": N_("Let a settings file of the working directory take effect."),
    "cert": N_("Make a certificate and its key for wss://."),
    "secret": N_("Make a secret that agents must have in their path."),
    "mdf": N_("Print the lines that an agent's .mdf needs."),
    "simulate": N_("A stand-in agent that connects to a hub, for trying things out."),
}
"""Every sub-command with its short help; its module is `mdxdash.cli.commands.<name>`."""


HIDDEN = frozenset({"takeover", "fleet-bridge", "remdis-rows"})
"""Sub-commands that mdxdash calls itself."""


class LazyGroup(click.Group):
    """A group that imports a sub-command only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS and cmd_name not in HIDDEN:
            return None
        return _load(cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(help)) for name, help in COMMANDS.items()])


def main() -> None:
    """The entry point `mdxdash`."""
    choose_language(sys.argv[1:])
    group = LazyGroup(name="mdxdash", context_settings={"help_option_names": ["-h", "--help"]})
    if len(sys.argv) == 1 or sys.argv[1] not in {*COMMANDS, *HIDDEN}:
        dashboard = _load("dashboard")
        group.callback, group.params = dashboard.callback, dashboard.params
        group.help = dashboard.help
        group.invoke_without_command, group.no_args_is_help = True, False
    click.version_option(__version__, prog_name="mdxdash")(group)
    code = _run(group)
    if wrong := take_wrong():  # no command has read the settings
        report(f"mdxdash: {wrong}")
    sys.exit(code)


def _load(name: str) -> click.Command:
    """Imports a command. Nothing that is loaded is garbage, so it is not looked through: in a start
    that takes a fifth of the time (measured)."""
    collects = gc.isenabled()
    gc.disable()
    try:
        command = import_module(f"mdxdash.cli.commands.{name.replace('-', '_')}").command
    finally:
        gc.freeze()
        if collects:
            gc.enable()
    assert isinstance(command, click.Command)
    return translated(command)


def _run(group: click.Group) -> int:
    """Runs the command; returns the exit code. Whatever state the standard streams are in."""
    open_closed_descriptors()
    try:
        # Not `group(…)`, which prints errors with text of others as it is.
        code = group.main(prog_name="mdxdash", standalone_mode=False)
        return finish_stdout(code if isinstance(code, int) else 0)
    except click.ClickException as error:
        text = io.StringIO()
        error.show(text)
        report("\n".join(map(localized, text.getvalue().rstrip("\n").split("\n"))))
        return finish_stdout(error.exit_code)
    except click.Abort:
        report(_("Aborted!"))
        return finish_stdout(1)
    except SystemExit as ended:
        return finish_stdout(ended.code if isinstance(ended.code, int) else 1)
    except PatternStopped as error:
        report(f"mdxdash: {localized(str(error))}")
        return 1
    except OSError as error:
        logging.getLogger(__name__).info("ended by an error", exc_info=True)
        if error.filename is None:  # commands name the files that they cannot open
            return stdout_failed(error)
        report(f"mdxdash: {error.filename}: {error.strerror}")
        return 1
