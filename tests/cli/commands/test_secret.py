"""`mdxdash secret`: a secret for the path of agents."""

import os
import re
import stat
from pathlib import Path

from mdxdash.cli.commands.mdf import command as mdf
from mdxdash.cli.commands.secret import command as secret
from tests.support.programs import call


def test_each_secret_is_another_and_fits_the_setting(monkeypatch):
    made = {call(secret).output.strip() for _ in range(20)}
    assert len(made) == 20
    for each in made:
        monkeypatch.setenv("MDXDASH_SECRET", each)
        assert f"Directory=/chat/{each}\n" in call(mdf).output


def test_a_saved_secret_is_not_shown_and_is_in_force(tmp_path: Path):
    Path("mdxdash.toml").write_text("# mine\n[hub]\nport = 9005\n", encoding="utf-8")
    said = call(secret, "--save").output
    text = Path("mdxdash.toml").read_text(encoding="utf-8")
    saved = re.search(r'secret = "([^"]+)"', text)
    assert text.startswith("# mine\n") and saved is not None
    assert saved[1] not in said
    assert f"/chat/{saved[1]}" in call(mdf).output
    if os.name == "posix":
        assert stat.S_IMODE(Path("mdxdash.toml").stat().st_mode) == 0o600


def test_a_secret_with_a_slip_is_not_repeated(monkeypatch):
    monkeypatch.setenv("MDXDASH_SECRET", "correct horse battery")
    result = call(mdf)
    assert result.exit_code == 2
    assert "MDXDASH_SECRET: expected 16 or more letters" in result.output
    assert "horse" not in result.output
