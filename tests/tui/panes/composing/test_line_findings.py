"""What is found in the lines of the composer, in words."""

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.catalog.check import check
from mdxdash.tui.panes.composing.line_findings import LineFindings, corrected_text
from mdxdash.wire.message import parse_message


async def test_the_most_severe_come_first_and_the_rest_is_counted() -> None:
    text = "MODEL_DELETE|a|b\n" + "some text\n" * 4
    found = await LineFindings.of(text, AnnouncedState())
    lines = found.words("ctrl+g").split("\n")
    assert [line.split(" ")[:3] for line in lines[:3]] == [
        ["line", f"{n}:", "A315"] for n in (2, 3, 4)
    ]
    assert lines[3].endswith(" more")
    assert found.severity == "ask"
    assert found.asked


async def test_a_single_line_has_no_number() -> None:
    found = await LineFindings.of("some text", None)
    assert found.words("ctrl+g").startswith("A315 ")


async def test_lines_that_are_all_right_have_nothing() -> None:
    found = await LineFindings.of("KEY|a\n\nKEY|b", None)
    assert (found.words("ctrl+g"), found.severity, bool(found.asked)) == ("", None, False)


def test_only_heads_in_full_width_are_corrected() -> None:
    assert corrected_text("ＡＢ｜値\n\nC|Ｄ") == "AB|値\n\nC|Ｄ"


async def test_an_error_in_the_documentation_is_no_finding_of_the_line() -> None:
    line = "MOTION_ADD|0|greet|motions/greet.vmd|PART|ONCE"
    assert "H408" in {finding.code for finding in check(parse_message(line))}
    found = await LineFindings.of(f"{line}\n{line}", None)
    assert not found
