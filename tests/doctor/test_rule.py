"""A diagnosis of a key: its file, its line, the lines that it overrules."""

from mdxdash.doctor.hub_address import hub_address
from mdxdash.doctor.mdf_file import MdfSettings, parse_mdf
from mdxdash.doctor.rule import RuleContext
from mdxdash.settings.tables.hub_section import HubSettings


def context(content: bytes, system: bytes = b"") -> RuleContext:
    files = (parse_mdf(system, "MMDAgent-EX.mdf"), parse_mdf(content, "content.mdf"))
    return RuleContext(MdfSettings(files, {"NAME": "value"}), hub_address(HubSettings(), 9001))


def test_a_value_has_its_variables_replaced() -> None:
    assert context(b"a=%ENV{NAME}\n").value("a") == "value"


def test_a_missing_value_has_its_default() -> None:
    assert context(b"").value("a") == ""
    assert context(b"").value("a", "80") == "80"


def test_a_diagnosis_of_a_missing_key_is_about_the_content() -> None:
    one = context(b"").diagnosis("D1", "note", "a", "Text.", (("a", "1"),), ("b",))
    assert (one.file, one.line, one.keys) == ("content.mdf", None, ("a", "b"))
    assert (one.code, one.severity, one.text, one.sets) == ("D1", "note", "Text.", (("a", "1"),))


def test_a_diagnosis_names_the_line_that_counts_and_those_that_lost() -> None:
    content = b"a=1\nb=2\na=3\na=2\n"
    one = context(content, b"\na=0\na=2\n").diagnosis("D1", "error", "a", "Text.")
    assert (one.file, one.line) == ("content.mdf", 4)
    assert one.text == (
        "Text. The last of several lines wins; line 2 of MMDAgent-EX.mdf, line 1, line 3 lost."
    )


def test_lines_with_the_same_value_have_not_lost() -> None:
    one = context(b"a=1\na=1\n").diagnosis("D1", "error", "a", "Text.")
    assert (one.text, one.line) == ("Text.", 2)
