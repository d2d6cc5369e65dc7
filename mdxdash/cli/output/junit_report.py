"""Results of macros as JUnit XML, which CI systems read: one test case per macro and agent, and one
per turn where a limit for answers is set."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree

from mdxdash.dialogue.turn import Turn
from mdxdash.dialogue.turn_formats import turn_text
from mdxdash.events.printable import printable
from mdxdash.events.text import payload, text_line
from mdxdash.macros.running.run_log import RunRecord

# Characters that XML 1.0 allows not even escaped (section 2.2); `printable` leaves few of them.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class TurnResult:
    """A turn that was to be answered within a limit."""

    number: int
    """Counts the turns of one run of a macro, from 1."""
    turn: Turn
    failure: str
    """What is wrong with how soon it was answered; empty if nothing is."""


@dataclass(frozen=True, slots=True)
class JunitCase:
    """The result of one macro on one agent."""

    name: str
    run: RunRecord | None = None
    error: str = ""
    """Why the macro was not started; empty if it was."""
    no_agent: bool = False
    """Whether the reason was that no agent connected."""
    turns: Sequence[Turn] = ()
    """What users said in the meantime, and what was answered."""
    results: Sequence[TurnResult] = ()
    """The same turns, where a limit for answers is set."""

    @property
    def passed(self) -> bool:
        """Whether the macro passed, and every answer came in time."""
        ran = self.run is not None and self.run.state == "passed"
        return ran and not any(each.failure for each in self.results)


def junit_xml(suite: str, began: float, cases: Sequence[JunitCase]) -> bytes:
    """Returns the JUnit document in UTF-8. `began` is the Unix time of the start, in seconds."""
    failed = sum(case.run is not None and case.run.state != "passed" for case in cases)
    results = [result for case in cases for result in case.results]
    counts = {
        "tests": str(len(cases) + len(results)),
        "failures": str(failed + sum(bool(result.failure) for result in results)),
        "errors": str(sum(case.run is None for case in cases)),
        "skipped": "0",
        "time": f"{sum(_seconds(case) for case in cases):.3f}",
    }
    root = ElementTree.Element("testsuites", {"name": "mdxdash", **counts})
    when = datetime.fromtimestamp(began, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    element = ElementTree.SubElement(
        root, "testsuite", {"name": _safe(suite), "timestamp": when, **counts}
    )
    for case in cases:
        _add_case(element, suite, case)
        for result in case.results:
            _add_turn(element, suite, case, result)
    ElementTree.indent(root)
    document: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _class_name(suite_name: str, case: JunitCase) -> str:
    return _safe(f"mdxdash.{suite_name}" + (f".{case.run.agent}" if case.run is not None else ""))


def _add_turn(
    suite: ElementTree.Element, suite_name: str, case: JunitCase, result: TurnResult
) -> None:
    attributes = {
        "classname": _class_name(suite_name, case),
        "name": _safe(f"{case.name}: turn {result.number} {result.turn.words}"),
        "time": f"{result.turn.latency or 0.0:.3f}",
    }
    element = ElementTree.SubElement(suite, "testcase", attributes)
    if result.failure:
        about = {"message": _safe(result.failure), "type": "late"}
        failure = ElementTree.SubElement(element, "failure", about)
        failure.text = _safe(f"{result.failure}\n{turn_text(result.turn)}")


def _add_case(suite: ElementTree.Element, suite_name: str, case: JunitCase) -> None:
    run = case.run
    attributes = {
        "classname": _class_name(suite_name, case),
        "name": _safe(case.name),
        "time": f"{_seconds(case):.3f}",
    }
    element = ElementTree.SubElement(suite, "testcase", attributes)
    if run is None:
        error = ElementTree.SubElement(element, "error", {"message": _safe(case.error)})
        error.text = _safe(case.error)
        return
    _add_properties(element, run, case.turns)
    if run.state != "passed":
        message = run.failure or run.state
        failure = ElementTree.SubElement(
            element, "failure", {"message": _safe(message), "type": run.state}
        )
        events = [text_line(event) for event in run.recent]
        failure.text = _safe("\n".join([message, "The last events:", *events]))
    lines = [
        f"{step.started:8.3f} s  {step.number} {step.text}"
        + ("" if step.event is None else f"  <- {payload(step.event)}")
        + (f"  ({step.note})" if step.note else "")
        for step in run.steps
    ]
    ElementTree.SubElement(element, "system-out").text = "\n".join(map(_safe, lines))


def _add_properties(element: ElementTree.Element, run: RunRecord, turns: Sequence[Turn]) -> None:
    """Adds how long each step and each answer took, in seconds."""
    found = [
        (f"step {step.number} {step.text}", step.ended - step.started)
        for step in run.steps
        if step.ended is not None
    ]
    for number, turn in enumerate(turns, start=1):
        name = f"turn {number} {turn.words}"
        parts = (
            ("answer", turn.latency),
            ("decided", turn.deciding),
            ("voice", turn.synthesis),
            ("mouth", turn.lips),
        )
        found += [(f"{name}: {part}", took) for part, took in parts if took is not None]
    if not found:
        return
    properties = ElementTree.SubElement(element, "properties")
    for name, took in found:
        attributes = {"name": _safe(name), "value": f"{took:.3f}"}
        ElementTree.SubElement(properties, "property", attributes)


def _seconds(case: JunitCase) -> float:
    return 0.0 if case.run is None or case.run.took is None else case.run.took


def _safe(text: str) -> str:
    """Returns text with the characters replaced that XML 1.0 cannot hold; newlines stay."""
    return _FORBIDDEN.sub("�", "\n".join(map(printable, text.split("\n"))))
