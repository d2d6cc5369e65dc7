"""What is written into an `.mdf`, so that the agent connects."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.mdf_samples import (
    AT_443,
    BROKEN,
    FINE,
    GOOD,
    GUARDED,
    HOST,
    PATH,
    PORT,
    UNMENDABLE,
    found,
    mended,
)

MENDABLE = [row for row in BROKEN if row[1] not in (*UNMENDABLE, "D171")]


@pytest.mark.parametrize("content", [row[3] for row in MENDABLE], ids=[row[0] for row in MENDABLE])
def test_with_a_mended_file_the_agent_connects(content: bytes) -> None:
    assert found(mended(content)) == []


@pytest.mark.parametrize("content", [row[3] for row in BROKEN if row[1] in UNMENDABLE])
def test_what_cannot_be_mended_keeps_its_bytes(content: bytes) -> None:
    assert mended(content) == content


def test_port_443_without_tls_here_cannot_be_mended_in_the_file() -> None:
    content = GOOD.replace(b"9001", b"443")
    (one,) = found(content, AT_443)
    assert (one.code, one.mendable) == ("D132", False)
    assert mended(content, AT_443) == content


def test_settings_of_the_program_are_mended_in_the_content() -> None:
    system = b"disablePlugin=ALL\nenablePlugin=VIManager,Open_JTalk\n"
    assert mended(GOOD, system=system) == GOOD + b"enablePlugin=VIManager,Open_JTalk,Remote\n"


def test_mending_writes_the_secret() -> None:
    assert b"/chat/0123456789abcdef\n" in mended(GOOD, GUARDED)


def test_only_the_value_of_the_line_that_counts_changes() -> None:
    content = b"# \x93\xfa\x96{\r\nwindowSize=1,2\t\r\n" + GOOD.replace(b"9001", b"9002 ") + b"x"
    assert mended(content) == content.replace(b"9002 ", b"9001 ")


def test_several_lines_change_at_once() -> None:
    content = GOOD.replace(b"9001", b"9").replace(b"localhost", b"somewhere.example")
    assert mended(content) == GOOD


def test_lines_are_added_with_the_line_ends_of_the_file() -> None:
    content = (HOST + PORT + PATH).replace(b"\n", b"\r\n")[:-2]
    assert mended(content) == content + b"\r\nPlugin_Remote_RetryCount=100000\r\n"


def test_a_broken_variable_is_commented_out_on_every_line() -> None:
    content = b"a=%ENV{\n" + GOOD + b"b=%ENV{x\n"
    assert mended(content) == b"# a=%ENV{\n" + GOOD + b"# b=%ENV{x\n"


def test_nothing_is_written_into_a_file_with_which_the_agent_connects() -> None:
    for _, settings, content in FINE:
        assert mended(content, settings) == content


LINES = st.lists(
    st.one_of(
        st.binary(max_size=30).filter(lambda line: b"\0" not in line),
        st.sampled_from([row[3].split(b"\n")[0] for row in BROKEN if row[1] not in UNMENDABLE]),
        st.sampled_from(GOOD.splitlines()),
    ),
    max_size=8,
)


@given(LINES)
def test_whatever_the_file_holds_the_mended_one_connects(lines: list[bytes]) -> None:
    content = mended(b"\n".join(lines))
    assert {one.severity for one in found(content)} <= {"note"}
