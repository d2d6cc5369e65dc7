"""`mdxdash attach` where there is nothing to show it on."""

from tests.support.programs import mdxdash


def test_without_a_terminal_it_says_what_works_without() -> None:
    result = mdxdash("attach")
    assert result.returncode == 2
    assert "there is no terminal here" in result.stderr
