"""What is found in broken `.mdf` files, each with one diagnosis."""

import pytest

from mdxdash.doctor.rules import RULES
from mdxdash.settings.tables.hub_section import HubSettings
from tests.support.mdf_samples import BROKEN, FINE, GOOD, TLS, found


@pytest.mark.parametrize(
    ("code", "line", "content"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN]
)
def test_a_broken_file_has_its_one_diagnosis(code: str, line: int | None, content: bytes) -> None:
    assert [(one.code, one.line) for one in found(content)] == [(code, line)]


@pytest.mark.parametrize(
    ("settings", "content"), [row[1:] for row in FINE], ids=[row[0] for row in FINE]
)
def test_a_file_with_which_an_agent_connects_has_none(
    settings: HubSettings, content: bytes
) -> None:
    assert found(content, settings) == []


def test_a_port_without_tls_is_found_when_this_mdxdash_has_tls() -> None:
    assert [one.code for one in found(GOOD, TLS)] == ["D133"]


def test_a_mistake_in_the_whole_file_is_the_last_diagnosis() -> None:
    content = GOOD.replace(b"9001", b"9002") + b"x=%ENV{LOOP}\n"
    assert [one.code for one in found(content)] == ["D102"]


def test_a_key_is_reported_once_and_other_keys_too() -> None:
    content = GOOD.replace(b"localhost", b"http://x").replace(b"9001", b"9002")
    assert [one.code for one in found(content)] == ["D122", "D134"]


def test_settings_of_the_program_count_where_the_content_has_none() -> None:
    (one,) = found(GOOD, system=b"\ndisablePlugin=Remote\n")
    assert (one.code, one.file, one.line) == ("D111", "MMDAgent-EX.mdf", 2)


def test_the_content_overrules_the_program() -> None:
    assert found(GOOD, system=b"Plugin_Remote_Websocket_Host=192.0.2.7\n") == []


def test_codes_are_unique() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)


def test_each_diagnosis_has_the_code_of_its_rule() -> None:
    found_codes = {one.code for row in BROKEN for one in found(row[3])} | {"D133"}
    assert found_codes == {rule.code for rule in RULES}
