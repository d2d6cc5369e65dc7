"""The lists of sub-commands."""

import pytest

from mdxdash.cli.commands import broker, config, hub, remdis
from tests.support.programs import call


@pytest.mark.parametrize("module", [broker, config, hub, remdis])
def test_each_is_described_with_a_whole_sentence(module: object) -> None:
    result = call(module.command, "--help")  # type: ignore[attr-defined]
    assert result.exit_code == 0
    assert not [line for line in result.stdout.splitlines()[1:] if line.endswith("...")]
