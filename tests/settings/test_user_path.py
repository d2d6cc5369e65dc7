"""Paths as people write them."""

from pathlib import Path

import pytest

from mdxdash.settings.user_path import path_problem, user_path


def test_a_tilde_is_the_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "expanduser", lambda path: Path("/home/me") / path.name)
    assert user_path("~/a.csv") == Path("/home/me/a.csv")


@pytest.mark.parametrize("text", ["~no-such-user-here/a.csv", "a\0b"])
def test_what_names_no_path_is_an_error_with_its_name(text: str) -> None:
    with pytest.raises(OSError) as raised:
        user_path(text)
    assert path_problem(raised.value).startswith(f"{text.replace(chr(0), '␀')}: ")
