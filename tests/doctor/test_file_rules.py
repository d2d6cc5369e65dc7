"""Rules about an `.mdf`'s text: encoding, damaged lines, misspelt names."""

import pytest

from tests.support.mdf_samples import GOOD, HOST, PATH, PORT, RETRIES, found


def only(content: bytes, system: bytes = b"") -> tuple[str, str]:
    """The code and the text of the one thing that is found."""
    (one,) = found(content, system=system)
    assert one.severity == "error"
    return one.code, one.text


def codes(content: bytes) -> list[str]:
    return [one.code for one in found(content)]


def test_utf_16_is_named() -> None:
    assert only(GOOD.decode().encode("utf-16")) == (
        "D101",
        "The program reads nothing of a file that is saved as UTF-16. "
        "Save it as UTF-8 without a byte order mark.",
    )


@pytest.mark.parametrize(("content", "code"), [(b"a\0b\0c\0d\0", "D101"), (b"a\0b\0c\0d", "D106")])
def test_four_nuls_in_every_second_position_are_utf_16(content: bytes, code: str) -> None:
    assert codes(content) == [code]


def test_nuls_without_an_order_are_no_utf_16() -> None:
    assert codes(b"\0" * 4 + b"a=b\n" + b"\0" * 4) == ["D106"]


def test_the_line_of_a_nul_is_counted() -> None:
    (one,) = found(GOOD + b"\0")
    assert (one.code, one.line) == ("D106", 5)
    assert one.text.startswith("To the program a text ends at a NUL byte. The file may be damaged:")


def test_a_variable_without_an_end_is_named_with_its_line() -> None:
    assert only(GOOD + b"logFile=%ENV{HOME\n") == (
        "D102",
        "%ENV{ has no }. The program then skips the whole file, all its settings. "
        "Correct the line, or put # before it.",
    )


def test_such_a_line_does_no_harm_in_the_file_of_the_program() -> None:
    assert found(GOOD, system=b"logFile=%ENV{HOME\n") == []


def test_a_byte_order_mark_hides_the_first_setting() -> None:
    assert only(b"\xef\xbb\xbf" + GOOD) == (
        "D103",
        "A byte order mark stands before Plugin_Remote_Websocket_Host, which makes it an unknown "
        "setting. Save the file as UTF-8 without a byte order mark, or begin it with an empty "
        "line.",
    )


@pytest.mark.parametrize(
    "content",
    [b"\xef\xbb\xbf\n" + GOOD, b"\xef\xbb\xbftitle=x\n" + GOOD, b"\xef\xbb\xbf" + HOST + GOOD],
)
def test_a_byte_order_mark_that_hides_nothing_is_no_matter(content: bytes) -> None:
    assert found(content) == []


def test_a_misspelt_setting_is_named_with_the_right_one() -> None:
    assert only(GOOD.replace(b"Port=", b"Port =")) == (
        "D104",
        "'Plugin_Remote_Websocket_Port ' is no setting; 'Plugin_Remote_Websocket_Port' is "
        "(case and spaces count).",
    )


def test_a_misspelt_setting_beside_the_right_one_is_no_matter() -> None:
    assert found(b"plugin_remote_websocket_host=x\n" + GOOD) == []


def test_a_name_that_is_not_near_is_left_alone() -> None:
    assert codes(PORT + PATH + RETRIES + b"Plugin_Remote_Host=localhost\n") == ["D121"]


def test_an_unknown_variable_is_named() -> None:
    assert only(GOOD.replace(b"localhost", b"%ENV{WHERE}%ENV{NOWHERE}")) == (
        "D105",
        "Plugin_Remote_Websocket_Host asks for the environment variable NOWHERE, which is not set "
        "here. Set it where the agent is started, or write the value.",
    )
