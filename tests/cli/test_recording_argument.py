"""FILE of the commands that read a recording."""

import pytest

from tests.support.programs import mdxdash


@pytest.mark.parametrize("command", ["export", "stats", "replay"])
def test_what_cannot_be_opened_ends_it_with_2(command: str) -> None:
    done = mdxdash(command, "nowhere.jsonl")
    assert done.returncode == 2 and "nowhere.jsonl: No such file" in done.stderr
