"""The broker that a command speaks to: where name and password may come from."""

from pathlib import Path

import pytest

from mdxdash.cli.reaching.chosen_broker import chosen_broker, chosen_remdis_broker
from mdxdash.settings.resolution import resolve


def settings(folder: Path, **variables: str) -> "object":
    return resolve({}, variables, None, folder, folder / "none.toml")


def test_the_settings_have_address_and_credentials(tmp_path: Path):
    file = tmp_path / "credentials"
    file.write_text("ken:pass", encoding="utf-8")
    found = settings(
        tmp_path, MDXDASH_FLEET_URL="amqp://broker", MDXDASH_FLEET_CREDENTIALS=str(file)
    )
    for url in (None, "amqp://broker"):
        address = chosen_broker(url, found)  # type: ignore[arg-type]
        assert (address.shown, address.user, address.password) == ("amqp://broker", "ken", "pass")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (None, "no broker"),
        ("amqp://me:secret-1@broker", "does not belong into a command line"),
        ("ws://broker", "expected an address such as"),
        ("amqp://me@broker", "no password for me"),
    ],
)
def test_what_is_wrong_is_said_without_a_password(
    url: str | None,
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    with pytest.raises(SystemExit) as ended:
        chosen_broker(url, settings(tmp_path))  # type: ignore[arg-type]
    assert ended.value.code == 2
    error = capsys.readouterr().err
    assert said in error
    assert "secret-1" not in error


def test_a_file_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    found = settings(tmp_path, MDXDASH_FLEET_CREDENTIALS=str(tmp_path / "nothing"))
    with pytest.raises(SystemExit):
        chosen_broker("amqp://broker", found)  # type: ignore[arg-type]
    assert "nothing" in capsys.readouterr().err


def test_name_and_password_go_to_no_other_broker(tmp_path: Path):
    file = tmp_path / "credentials"
    file.write_text("ken:pass", encoding="utf-8")
    found = settings(
        tmp_path, MDXDASH_FLEET_URL="amqp://broker", MDXDASH_FLEET_CREDENTIALS=str(file)
    )
    for choose in (chosen_broker, chosen_remdis_broker):
        for url in ("amqp://other", "amqp://broker:1234", "amqps://broker", "amqp://broker/lab"):
            address = choose(url, found)  # type: ignore[arg-type]
            assert (address.login, address.password) == ("guest", "")
        assert choose("amqp://broker", found).password == "pass"  # type: ignore[arg-type]


def test_without_an_address_in_the_settings_they_are_for_any_broker(tmp_path: Path):
    file = tmp_path / "credentials"
    file.write_text("ken:pass", encoding="utf-8")
    found = settings(tmp_path, MDXDASH_FLEET_CREDENTIALS=str(file))
    assert chosen_broker("amqp://other", found).user == "ken"  # type: ignore[arg-type]
    assert chosen_remdis_broker("amqp://other", found).user == ""  # type: ignore[arg-type]


def test_those_of_an_address_in_the_settings_are_used_at_that_broker(tmp_path: Path):
    found = settings(tmp_path, MDXDASH_FLEET_URL="amqp://ken:pass@broker")
    for url, user in (("amqp://broker", "ken"), ("amqp://other", "")):
        assert chosen_broker(url, found).user == user  # type: ignore[arg-type]


def test_remdis_has_its_own_broker_or_that_of_the_hubs_or_one_on_this_machine(tmp_path: Path):
    file = tmp_path / "credentials"
    file.write_text("mia:word", encoding="utf-8")
    for variables, shown, user in (
        ({}, "amqp://localhost", ""),
        ({"MDXDASH_FLEET_URL": "amqp://ken:pass@broker"}, "amqp://broker", "ken"),
        (
            {
                "MDXDASH_FLEET_URL": "amqp://ken:pass@broker",
                "MDXDASH_REMDIS_URL": "amqp://lab",
                "MDXDASH_REMDIS_CREDENTIALS": str(file),
            },
            "amqp://lab",
            "mia",
        ),
    ):
        found = settings(tmp_path, **variables)
        address = chosen_remdis_broker(None, found)  # type: ignore[arg-type]
        assert (address.shown, address.user) == (shown, user)
