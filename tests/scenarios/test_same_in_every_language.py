"""What programs read is the same in every language: JSON, CSV, the schema of the settings."""

from importlib import import_module

import pytest

from mdxdash.language.translation import use
from tests.support.programs import call
from tests.support.recorded import RECORDINGS

RECORDING = str(RECORDINGS / "alllog.jsonl")


@pytest.mark.parametrize(
    "arguments",
    [
        ("stats", RECORDING, "--json"),
        ("turns", RECORDING, "--format", "jsonl"),
        ("turns", RECORDING, "--format", "csv"),
        ("compare", RECORDING, RECORDING, "--json"),
        ("config", "schema"),
    ],
    ids=["stats", "turns", "turns as CSV", "compare", "schema"],
)
def test_it_is_the_same_in_japanese(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    command = import_module(f"mdxdash.cli.commands.{arguments[0]}").command
    printed = {}
    for language in ("en", "ja"):
        monkeypatch.setenv("MDXDASH_SCREEN_LANGUAGE", language)
        use(language)
        result = call(command, *arguments[1:])
        assert result.exit_code == 0, result.output
        printed[language] = result.stdout
    assert printed["en"]
    assert printed["en"] == printed["ja"]
