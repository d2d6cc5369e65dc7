"""What a command without a screen reports of the macros that run in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mdxdash.language.translation import _
from mdxdash.macros.catalog_checks import check_macros
from mdxdash.macros.running.run_log import RunRecord, StepRecord
from mdxdash.macros.running.runner import MacroRunner


@contextmanager
def failures_reported(
    runner: MacroRunner, report: Callable[[str], None], *, checks: bool
) -> Iterator[None]:
    """Calls `report` with each run that fails while its body runs. With `checks` it is first called
    with what the catalog finds wrong with the macros."""
    if checks:
        for line in check_macros(runner.macros):
            report(line)

    def report_failure(record: RunRecord, step: StepRecord | None) -> None:
        if step is None and record.state == "failed":
            report(
                _("macro {macro} on {agent}: {failure}").format(
                    macro=record.macro, agent=record.agent, failure=record.failure
                )
            )

    unsubscribe = runner.runs.subscribe(report_failure)
    try:
        yield
    finally:
        unsubscribe()
