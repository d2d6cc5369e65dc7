"""`mdxdash mdf`: the lines for an agent's `.mdf`."""

from pathlib import Path

from mdxdash.cli.commands.check import command as check
from mdxdash.cli.commands.mdf import command as mdf
from tests.support.programs import call

SECRET = "0123456789abcdef"


def test_mdf_prints_what_check_accepts(tmp_path: Path):
    file = tmp_path / "content.mdf"
    file.write_text(call(mdf).output, encoding="utf-8")
    result = call(check, str(file))
    assert result.exit_code == 0
    assert "the agent will connect" in result.output


def test_mdf_prints_the_secret_in_full(monkeypatch):
    monkeypatch.setenv("MDXDASH_SECRET", SECRET)
    assert f"Plugin_Remote_Websocket_Directory=/chat/{SECRET}\n" in call(mdf).output
