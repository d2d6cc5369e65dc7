"""JUnit XML that every CI system can read, whatever the agent said."""

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from mdxdash.cli.output.junit_report import JunitCase, TurnResult, junit_xml
from mdxdash.events.event import Event
from mdxdash.macros.running.run_log import RunRecord, StepRecord
from tests.support.dialogues import follow


def failed(text: str) -> RunRecord:
    """A run whose every text is this one."""
    event = Event(1, 0.0, "received", "chat", text, text)
    record = RunRecord(text, "chat", 0.0, 0.0, state="failed", took=1.5, failure=text)
    record.recent = (event,)
    record.steps.append(StepRecord("1", text, 0.0, ended=1.5, event=event, note=text))
    return record


def test_runs_failures_and_what_was_not_begun_are_counted() -> None:
    passed = RunRecord("Greet", "chat", 0.0, 0.0, state="passed", took=2.0)
    cases = [
        JunitCase("Greet", passed),
        JunitCase("A", failed("a")),
        JunitCase("B", error="no agent came"),
    ]
    suite = ElementTree.fromstring(junit_xml("dialogue", 0.0, cases)).find("testsuite")
    assert suite is not None
    assert dict(suite.attrib) == {
        "name": "dialogue",
        "timestamp": "1970-01-01T00:00:00",
        "tests": "3",
        "failures": "1",
        "errors": "1",
        "skipped": "0",
        "time": "3.500",
    }
    assert [case.get("name") for case in suite.findall("testcase")] == ["Greet", "A", "B"]


def test_steps_and_answers_are_properties() -> None:
    run = RunRecord("Greet", "chat", 0.0, 0.0, state="passed", took=2.0)
    run.steps.append(StepRecord("1", "wait type:A (10s)", 0.5, ended=0.75))
    turns = follow(
        "0 RECOG_EVENT_STOP|hello",
        "0.5 SYNTH_START|m|s|hi",
        "0.75 SYNTH_EVENT_START|m",
    ).turns
    document = junit_xml("dialogue", 0.0, [JunitCase("Greet", run, turns=turns)])
    properties = ElementTree.fromstring(document).iter("property")
    assert {each.get("name"): each.get("value") for each in properties} == {
        "step 1 wait type:A (10s)": "0.250",
        "turn 1 hello: answer": "0.750",
        "turn 1 hello: decided": "0.500",
        "turn 1 hello: voice": "0.250",
    }


def test_an_answer_that_came_too_late_is_a_failed_case_of_its_own() -> None:
    run = RunRecord("Greet", "chat", 0.0, 0.0, state="passed", took=2.0)
    [turn] = follow("0 RECOG_EVENT_STOP|hello", "0.75 SYNTH_EVENT_START|m").turns
    results = [TurnResult(1, turn, ""), TurnResult(2, turn, "the answer took 0.75 s")]
    case = JunitCase("Greet", run, turns=[turn], results=results)
    assert not case.passed
    suite = ElementTree.fromstring(junit_xml("dialogue", 0.0, [case])).find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
    assert [(each.get("name"), each.get("time")) for each in suite.findall("testcase")] == [
        ("Greet", "2.000"),
        ("Greet: turn 1 hello", "0.750"),
        ("Greet: turn 2 hello", "0.750"),
    ]
    [failure] = suite.iter("failure")
    assert failure.get("message") == "the answer took 0.75 s"
    assert "hello → m: " in str(failure.text)


@given(st.text())
def test_any_text_is_read_back_as_xml(text: str) -> None:
    document = junit_xml(text, 0.0, [JunitCase(text, failed(text)), JunitCase(text, error=text)])
    assert len(ElementTree.fromstring(document).findall("testsuite/testcase")) == 2
