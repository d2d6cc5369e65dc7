"""Options that several commands share: what they resolve to, and how they refuse."""

import logging
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click
import pytest
from click.testing import CliRunner

from mdxdash.cli.commands import check, dashboard, mdf
from mdxdash.cli.options import (
    check_record_file,
    common_options,
    hub_options,
    read_filter,
    read_settings,
    recording_options,
)
from mdxdash.settings.resolution import Settings
from tests.support.programs import call


@pytest.fixture(autouse=True)
def no_log_handlers_left() -> Iterator[None]:
    """Takes away the handlers that `read_settings` adds, and the level that it sets."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    for handler in set(root.handlers) - set(before):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def resolved(*arguments: str) -> Settings:
    """The settings of a command with all shared options."""
    found: list[Settings] = []

    @click.command()
    @hub_options
    @recording_options
    def command(record_file: Path | None, **options: object) -> None:
        found.append(read_settings(**options))  # type: ignore[arg-type]

    result = call(command, *arguments)
    assert result.exit_code == 0, result.output
    return found[0]


def refused(*arguments: str) -> str:
    """What a command with all shared options says when it ends with code 2."""

    @click.command()
    @hub_options
    @recording_options
    def command(record_file: Path | None, **options: object) -> None:
        read_settings(**options)  # type: ignore[arg-type]
        check_record_file(record_file)

    result = call(command, *arguments)
    assert result.exit_code == 2
    return result.output


def test_without_options_the_defaults_hold() -> None:
    hub = resolved().hub
    assert (hub.host, hub.port, hub.path, hub.unsafe) == ("localhost", 9001, "/chat", False)


def test_each_hub_option_sets_its_setting() -> None:
    hub = resolved(
        *("--host", "127.0.0.1", "--port", "0", "--path", "/talk", "--unsafe", "--insecure"),
        *("--tls-cert", "c.pem", "--tls-key", "k.pem", "--exclusive", "--relay", "ws://h/chat"),
        *("--relay-guard", "--tap"),
    ).hub
    assert (hub.host, hub.port, hub.path) == ("127.0.0.1", 0, "/talk")
    assert (hub.tls_cert, hub.tls_key, hub.relay) == ("c.pem", "k.pem", "ws://h/chat")
    assert hub.unsafe and hub.insecure and hub.exclusive and hub.relay_guard and hub.tap


def test_an_option_wins_over_the_variable_and_the_variable_over_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("mdxdash.toml").write_text('[hub]\nport = 9002\npath = "/file"\n', encoding="utf-8")
    monkeypatch.setenv("MDXDASH_PORT", "9003")
    assert (resolved().hub.port, resolved().hub.path) == (9003, "/file")
    assert resolved("--port", "9004").hub.port == 9004


def test_config_names_another_file() -> None:
    Path("other.toml").write_text("[hub]\nport = 9005\n", encoding="utf-8")
    assert resolved("--config", "other.toml").hub.port == 9005


def test_no_record_switches_recording_off() -> None:
    assert resolved().recording.enabled
    assert not resolved("--no-record").recording.enabled


@pytest.mark.parametrize(
    "arguments", [("--record", "a", "--no-record"), ("--no-record", "--record", "a")]
)
def test_record_and_no_record_exclude_each_other(arguments: tuple[str, ...]) -> None:
    assert "expected only one of them" in refused(*arguments)


def test_a_setting_that_is_wrong_is_refused_with_file_and_line() -> None:
    Path("mdxdash.toml").write_text('[hub]\nport = "many"\n', encoding="utf-8")
    assert "mdxdash.toml:2" in refused()


def test_a_log_file_that_cannot_be_written_is_refused() -> None:
    Path("file").write_text("", encoding="utf-8")
    assert "mdxdash: --log-file " in refused("--log-file", str(Path("file", "log")))


def test_diagnostics_go_into_the_log_file() -> None:
    resolved("--log-file", "log.txt", "--verbose")
    logging.getLogger("mdxdash").debug("seen")
    assert "DEBUG mdxdash: seen" in Path("log.txt").read_text(encoding="utf-8")


def test_a_file_that_is_no_recording_is_not_recorded_into() -> None:
    Path("thesis.txt").write_text("my thesis", encoding="utf-8")
    assert "--record thesis.txt" in refused("--record", "thesis.txt")
    assert Path("thesis.txt").read_text(encoding="utf-8") == "my thesis"


def test_checking_the_record_file_leaves_no_empty_file() -> None:
    check_record_file(Path("new.jsonl"))
    assert not Path("new.jsonl").exists()


def test_an_invalid_filter_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert not read_filter("type:A").is_empty
    with pytest.raises(SystemExit) as ended:
        read_filter("type:(")
    assert ended.value.code == 2
    assert "mdxdash: --filter: " in capsys.readouterr().err


def test_common_options_know_nothing_of_the_hub() -> None:
    @click.command()
    @common_options
    def command(**options: object) -> None:
        pass

    assert {parameter.name for parameter in command.params} == {"config", "log_file", "verbose"}


@pytest.mark.parametrize(
    ("command", "shown"),
    [(mdf, {"--host", "--port", "--path"}), (check, {"--host", "--port", "--path", "--tls-cert"})],
)
def test_only_options_that_concern_the_command_are_shown_and_the_others_are_still_taken(
    command: ModuleType, shown: set[str]
) -> None:
    options = [each for each in command.command.params if isinstance(each, click.Option)]
    of_hub = {name for each in dashboard.command.params for name in each.opts}
    common = {"--config", "--log-file", "--verbose"}
    visible = {name for each in options if not each.hidden for name in each.opts}
    assert (visible & of_hub) - common == shown
    assert {name for each in options for name in each.opts} >= {
        *("--relay", "--exclusive", "--unsafe", "--tap", "--fleet", *common)
    }


def test_an_option_that_does_nothing_changes_nothing(tmp_path: Path) -> None:
    runner = CliRunner()
    plain = runner.invoke(mdf.command, ["--port", "9009"])
    more = runner.invoke(mdf.command, ["--port", "9009", "--exclusive", "--tap"])
    assert plain.exit_code == more.exit_code == 0
    assert plain.output == more.output
    assert "--exclusive" not in runner.invoke(mdf.command, ["--help"]).output
