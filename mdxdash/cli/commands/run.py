"""`mdxdash run`: macros in order without a screen, for machines that test dialogues."""

import io
import sys
import time
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from pathlib import Path
from typing import Any, Final

import click
from click.core import ParameterSource

from mdxdash.api import Hub, NoAgent
from mdxdash.api.errors import PortOfRunningHub
from mdxdash.cli.exit_codes import FAILED, INTERRUPTED, NO_AGENT, PASSED
from mdxdash.cli.hosting.session_recording import headless_recording
from mdxdash.cli.options import (
    check_record_file,
    fail,
    hub_options,
    read_settings,
    recording_options,
)
from mdxdash.cli.output.diagnostics import report
from mdxdash.cli.output.junit_report import JunitCase, TurnResult, junit_xml
from mdxdash.cli.output.run_turns import RunTurns, too_late, turn_summary
from mdxdash.cli.output.standard_output import show
from mdxdash.cli.reaching.attached_hub import AttachedHub, HubHangs
from mdxdash.cli.reaching.reached_hub import hub_here
from mdxdash.cli.signals import Interrupted, run_until_signal
from mdxdash.cli.silent_speech import silent_speech
from mdxdash.dialogue.turn import Turn
from mdxdash.events.printable import printable
from mdxdash.events.text import payload, text_line
from mdxdash.hub.address import CannotListen
from mdxdash.language.translation import _, ngettext
from mdxdash.macros.catalog_checks import check_macros
from mdxdash.macros.files.toml_form import read_macros
from mdxdash.macros.model import Macro
from mdxdash.macros.running.run_log import RunRecord, StepRecord
from mdxdash.macros.selection import (
    independent_macros,
    macros_named,
    params_from_options,
    params_of,
)
from mdxdash.settings.model import all_settings
from mdxdash.settings.quantities import parse_duration
from mdxdash.settings.toml_source import SettingsError, read_toml

_OF_HOSTING: Final = (
    *(setting.argument for setting in all_settings() if setting.about.option),
    "record_file",
)
"""The parameters that are about a hub of its own and its recording."""


@click.command(name="run")
@hub_options
@recording_options
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("names", nargs=-1, metavar="[MACRO]...")
@click.option(
    "--hub",
    "hub_name",
    metavar="NAME",
    help="Use the agents of the hub of this NAME, which runs already.",
)
@click.option("--wait-agent", default="30s", show_default=True, help="How long an agent may take.")
@click.option("--param", "given", multiple=True, metavar="NAME=VALUE", help="A parameter's value.")
@click.option(
    "--junit",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the results here, as JUnit XML.",
)
@click.pass_context
def command(
    ctx: click.Context,
    /,
    file: Path,
    names: tuple[str, ...],
    hub_name: str | None,
    wait_agent: str,
    given: tuple[str, ...],
    junit: Path | None,
    record_file: Path | None,
    **options: Any,
) -> None:
    """Hosts an agent, runs macros of FILE on it in order, and reports whether they passed.

    Without names it runs every macro that no event triggers and that no other macro runs. Macros
    with `on` run when an event triggers them: their results are printed and do not count. FILE's
    own settings are used unless --config names others.

    With `[dialogue] answer_within` in the settings, an answer that comes later fails, too.

    With --hub it hosts nobody: the macros run on agents of a hub that runs already, such as that of
    a dashboard, which shows what they send.

    Ends with 0 if all passed, 1 if one failed, 2 if the file or an option is wrong, 3 if no agent
    came, 130 after ctrl-C.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A pipe on Windows may know neither Japanese nor the signs.
        sys.stdout.reconfigure(errors="replace")
    settings = read_settings(**options | {"config": options["config"] or file})
    try:
        macros = _macros(file)
        chosen = _chosen(macros, names)
        params = _params(chosen, given)
        agent_timeout = parse_duration(wait_agent)
    except SettingsError as error:
        fail(str(error))
    except ValueError as error:
        fail(f"--wait-agent: {error}")
    check_record_file(record_file)
    for line in (*check_macros(chosen), *silent_speech(settings, chosen, file.parent)):
        report(f"mdxdash: {line}")
    hub: Hub | AttachedHub
    recording: AbstractAsyncContextManager[None] = nullcontext()
    if hub_name is not None:
        _refuse_hosting_options(ctx)
        hub = AttachedHub(hub_here(hub_name), macros)
    else:
        own = hub = Hub(
            settings=settings.hub,
            macros=macros,
            events=settings.log.events,
            event_bytes=settings.log.bytes,
            groups=settings.groups,
            speech=settings.speech,
            voices=settings.voices,
        )
        own.speech.folder = file.parent
        recording = headless_recording(settings.recording, record_file, own.log, lambda: own.url)
    began = time.time()
    within = settings.dialogue.answer_within
    try:
        cases = run_until_signal(_run(hub, recording, chosen, params, agent_timeout, within))
    except PortOfRunningHub as error:
        fail(
            _(
                "port {port} is that of the hub {name}, which runs already: --hub {name} uses it"
            ).format(port=error.port, name=error.name)
        )
    except (CannotListen, HubHangs) as error:
        fail(str(error))
    except Interrupted:
        sys.exit(INTERRUPTED)
    if junit is not None:
        try:
            junit.parent.mkdir(parents=True, exist_ok=True)
            junit.write_bytes(junit_xml(file.stem, began, cases))
        except OSError as error:
            fail(
                _("--junit {junit}: {strerror}").format(
                    junit=junit, strerror=error.strerror or error
                )
            )
    sys.exit(_exit_code(cases))


def _macros(file: Path) -> tuple[Macro, ...]:
    source = read_toml(file)
    if not source.data.get("macro"):
        raise SettingsError(_("there is no macro: expected tables with the header [[macro]]"), file)
    return read_macros(source)


def _chosen(macros: tuple[Macro, ...], names: Sequence[str]) -> tuple[Macro, ...]:
    if names:
        try:
            return macros_named(macros, names)
        except LookupError as error:
            raise SettingsError(str(error)) from error
    if chosen := independent_macros(macros):
        return chosen
    raise SettingsError(_("every macro has `on`: expected one to run, or name it as MACRO"))


def _params(chosen: Sequence[Macro], given: Sequence[str]) -> dict[str, str]:
    try:
        return params_from_options(chosen, given)
    except ValueError as error:
        raise SettingsError(f"--param {error}") from error


def _refuse_hosting_options(ctx: click.Context) -> None:
    """Refuses options of a hub of its own, which would have no effect."""
    for name in _OF_HOSTING:
        if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            option = next(each for each in ctx.command.params if each.name == name)
            fail(
                _("{opts} has no effect with --hub: that hub runs already").format(
                    opts=option.opts[-1]
                )
            )


async def _run(
    hub: Hub | AttachedHub,
    recording: AbstractAsyncContextManager[None],
    chosen: Sequence[Macro],
    params: dict[str, str],
    agent_timeout: float,
    within: float | None,
) -> list[JunitCase]:
    """Runs the macros one after the other; returns a case for each run, and for each macro without
    one. `within` is how soon answers are wanted, in seconds; None: no limit."""
    cases: list[JunitCase] = []
    async with recording, hub:
        report(
            hub.place
            if isinstance(hub, AttachedHub)
            else _("listening on {url}").format(url=hub.url)
        )
        hub.runner.runs.subscribe(_print)
        turns = RunTurns(hub.log)
        for macro in chosen:
            try:
                await hub.agent(macro.target, timeout=agent_timeout)
            except NoAgent as error:
                show(f"✕ {macro.name}: {error}")
                cases.append(JunitCase(macro.name, error=str(error), no_agent=True))
                agent_timeout = 0.0  # the next macro need not wait again
                continue
            turns.take()
            firing = hub.runner.fire(macro, params_of(macro, params))
            for record in firing.runs:
                await hub.runner.wait_until_over(record)
            if within is not None:
                await turns.wait_for_answers(within)
            found = turns.take()
            cases += [_case(record, found, within) for record in firing.runs]
            if not firing.runs:
                # An event may have triggered it a moment before.
                gone = firing.outcome == "no agent"
                cases.append(
                    JunitCase(
                        macro.name, error=_("its agent is gone") if gone else _("it runs already")
                    )
                )
    return cases


def _case(record: RunRecord, found: Sequence[Turn], within: float | None) -> JunitCase:
    """Prints the turns of a run, and returns its case."""
    turns = [turn for turn in found if turn.agent == record.agent]
    results = []
    for number, turn in enumerate(turns, start=1):
        show(_("  turn  {summary}").format(summary=turn_summary(turn)))
        if within is None:
            continue
        results.append(TurnResult(number, turn, too_late(turn, within)))
        if results[-1].failure:
            text = _("turn {number} {words}: {failure}").format(
                number=number, words=turn.words, failure=results[-1].failure
            )
            show(
                _("✕ {macro} on {agent}: {text}").format(
                    macro=printable(record.macro), agent=record.agent, text=printable(text)
                )
            )
    return JunitCase(record.macro, record, turns=turns, results=results)


def _exit_code(cases: Sequence[JunitCase]) -> int:
    failed = [case for case in cases if not case.passed]
    if not failed:
        return PASSED
    return NO_AGENT if all(case.no_agent for case in failed) else FAILED


def _print(record: RunRecord, step: StepRecord | None) -> None:
    """Prints a run while it goes on: a step when it ends, one that holds others when it begins."""
    if step is not None:
        if step.holds_steps == (step.ended is None):
            show(step_line(record, step))
        return
    who = _("{macro} on {agent}").format(macro=printable(record.macro), agent=record.agent)
    if record.state == "running":
        why = (
            _(", triggered by {trigger}").format(trigger=printable(payload(record.trigger)))
            if record.trigger
            else ""
        )
        show(f"▶ {who}{why}")
        return
    sign = "✓" if record.state == "passed" else "✕"
    ended = _("{who}: {state} after {took:.3f} s")
    show(f"{sign} {ended.format(who=who, state=_(record.state), took=record.took)}")
    if record.state == "failed":
        show(f"  {printable(record.failure)}")
        show(
            ngettext(
                "  The last {count} event of {agent}:",
                "  The last {count} events of {agent}:",
                len(record.recent),
            ).format(count=len(record.recent), agent=record.agent)
        )
        for event in record.recent:
            show(f"    {text_line(event)}")


def step_line(record: RunRecord, step: StepRecord) -> str:
    """Returns a step as a line: the seconds since the run began, the step, and its duration."""
    took = "" if step.ended is None else f" {step.ended - step.started:.3f} s"
    event = "" if step.event is None else f"  ← {printable(payload(step.event))}"
    note = f"  ({printable(step.note)})" if step.note else ""
    what = printable(f"{step.number} {step.text}")
    return f"  {step.started:8.3f} s  {printable(record.macro)} {what}{event}{note}{took}"
