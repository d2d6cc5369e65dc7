"""What is told of broken `.mdf` files, and what is written into them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdxdash.doctor.diagnose import diagnose, mend
from mdxdash.doctor.diagnosis import Diagnosis, hub_address
from mdxdash.doctor.mdf_file import Mdf, parse_mdf
from mdxdash.doctor.rule_table import RULES
from mdxdash.settings.hub_section import HubSettings

HERE = HubSettings()
TLS = HubSettings(port=443, tls_cert="cert.pem")
GUARDED = HubSettings(secret="0123456789abcdef")
AT_443 = HubSettings(port=443)
ROOT = HubSettings(port=80, path="/")

HOST = b"Plugin_Remote_Websocket_Host=localhost\n"
PORT = b"Plugin_Remote_Websocket_Port=9001\n"
PATH = b"Plugin_Remote_Websocket_Directory=/chat\n"
RETRIES = b"Plugin_Remote_RetryCount=100000\n"
GOOD = HOST + PORT + PATH + RETRIES

UNMENDABLE = ("D101", "D106")
"""Only an editor mends these."""

BROKEN: list[tuple[str, str, int | None, bytes]] = [
    ("UTF-16", "D101", None, GOOD.decode().encode("utf-16")),
    ("UTF-16 without a byte order mark", "D101", None, GOOD.decode().encode("utf-16-le")),
    ("the other UTF-16", "D101", None, f"# 日本語\n{GOOD.decode()}".encode("utf-16-be")),
    ("UTF-16 without any NUL", "D101", None, b"\xff\xfe" + "日本語".encode("utf-16-le")),
    ("stray NUL", "D106", 3, GOOD.replace(b"/chat", b"/chat\0")),
    ("NUL at the end", "D106", 5, GOOD + b"\0"),
    ("nothing but NULs", "D106", 1, b"\0" * 200),
    ("variable without an end", "D102", 5, GOOD + b"logFile=%ENV{HOME\n"),
    ("variable for ever", "D102", 1, b"x=%ENV{LOOP}\n" + GOOD),
    ("byte order mark", "D103", 1, b"\xef\xbb\xbf" + GOOD),
    ("letter case", "D104", 1, GOOD.replace(b"Websocket_Host", b"WebSocket_Host")),
    ("space before =", "D104", 2, GOOD.replace(b"Port=", b"Port =")),
    ("letter missing", "D104", 3, GOOD.replace(b"Directory", b"Directry")),
    ("unknown variable", "D105", 1, GOOD.replace(b"localhost", b"%ENV{NOWHERE}")),
    ("plugin disabled", "D111", 5, GOOD + b"disablePlugin=Audio,Remote\n"),
    ("all plugins disabled", "D111", 1, b"disablePlugin=ALL\nenablePlugin=Julius\n" + GOOD),
    ("plugin excluded", "D112", 5, GOOD + b"exclude_Plugin_Remote=yes\r\n"),
    ("empty", "D121", None, b""),
    ("no host", "D121", None, PORT + PATH + RETRIES),
    ("empty host", "D121", 1, GOOD.replace(b"localhost", b"")),
    ("URL for a host", "D122", 1, GOOD.replace(b"localhost", b"ws://localhost:9001/chat")),
    ("port at the host", "D122", 1, GOOD.replace(b"localhost", b"localhost:9001")),
    ("other host", "D123", 1, GOOD.replace(b"localhost", b"192.0.2.7")),
    ("comment behind a value", "D123", 1, GOOD.replace(b"localhost", b"localhost # here")),
    ("later line wins", "D123", 5, GOOD + b"Plugin_Remote_Websocket_Host=192.0.2.7\n"),
    ("no port", "D131", None, HOST + PATH + RETRIES),
    ("port 443", "D132", 2, GOOD.replace(b"9001", b"443")),
    ("other port", "D134", 2, GOOD.replace(b"9001", b"9002")),
    ("no number", "D134", 2, GOOD.replace(b"9001", b"chat")),
    ("no path", "D141", None, HOST + PORT + RETRIES),
    ("path without slash", "D142", 3, GOOD.replace(b"/chat", b"chat")),
    ("other path", "D143", 3, GOOD.replace(b"/chat", b"/chat/")),
    ("a path below ours", "D143", 3, GOOD.replace(b"/chat", b"/chat-a/b")),
    ("TCP client", "D151", 1, b"Plugin_Remote_EnableClient=true\n" + GOOD),
    ("TCP server, said in other words", "D151", 5, GOOD + b"Plugin_Remote_EnableServer=no\n"),
    ("old TCP name", "D151", 5, GOOD + b"Plugin_Remote_ServerMode=true\n"),
    ("no retries", "D161", None, HOST + PORT + PATH),
    ("few retries", "D161", 4, GOOD.replace(b"100000", b"3")),
    ("log for messages", "D171", 5, GOOD + b"Plugin_Remote_AllLog=true\n"),
]

FINE: list[tuple[str, HubSettings, bytes]] = [
    ("the lines that we give", HERE, GOOD),
    ("the other loopback", HERE, GOOD.replace(b"localhost", b"127.0.0.1")),
    ("an agent that was told 429", HERE, GOOD.replace(b"/chat", b"/chat-1")),
    ("a comment", HERE, b"#disablePlugin=Remote\n" + GOOD),
    ("windows line ends", HERE, GOOD.replace(b"\n", b"\r\n")),
    ("no last newline", HERE, GOOD[:-1]),
    ("a broken line before a right one", HERE, b"Plugin_Remote_Websocket_Port=9\n" + GOOD),
    ("a variable", HERE, GOOD.replace(b"localhost", b"%ENV{WHERE}")),
    ("an unclosed variable in a comment", HERE, b"# %ENV{\n" + GOOD),
    ("disabled, and enabled again", HERE, GOOD + b"disablePlugin=ALL\nenablePlugin=Remote\n"),
    ("a space in the list makes another name", HERE, GOOD + b"disablePlugin=Audio, Remote\n"),
    ("excluded, in words that do not count", HERE, GOOD + b"exclude_Plugin_Remote=YES\n"),
    ("TLS", TLS, GOOD.replace(b"9001", b"443")),
    ("defaults", ROOT, HOST + RETRIES),
    ("a byte order mark before a comment", HERE, b"\xef\xbb\xbf# hello\n" + GOOD),
    ("Shift_JIS", HERE, "title=日本語\n".encode("shift_jis") + GOOD),
    ("a secret", GUARDED, GOOD.replace(b"/chat", b"/chat/0123456789abcdef")),
]

ENVIRON = {"WHERE": "localhost", "LOOP": "%ENV{LOOP}"}


def read(content: bytes, system: bytes) -> Mdf:
    return Mdf((parse_mdf(system, "MMDAgent-EX.mdf"), parse_mdf(content, "content.mdf")), ENVIRON)


def found(content: bytes, settings: HubSettings = HERE, system: bytes = b"") -> list[Diagnosis]:
    return diagnose(read(content, system), hub_address(settings, settings.port))


def mended(content: bytes, settings: HubSettings = HERE, system: bytes = b"") -> bytes:
    return mend(read(content, system), hub_address(settings, settings.port)).files[-1].content


@pytest.mark.parametrize(
    ("code", "line", "content"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN]
)
def test_broken_file_has_its_one_diagnosis(code: str, line: int | None, content: bytes) -> None:
    assert [(told.code, told.line) for told in found(content)] == [(code, line)]


@pytest.mark.parametrize(
    ("settings", "content"), [row[1:] for row in FINE], ids=[row[0] for row in FINE]
)
def test_nothing_is_told_of_a_file_that_connects(settings: HubSettings, content: bytes) -> None:
    assert found(content, settings) == []


@pytest.mark.parametrize(
    ("code", "content"),
    [(row[1], row[3]) for row in BROKEN if row[1] not in (*UNMENDABLE, "D171")],
    ids=[row[0] for row in BROKEN if row[1] not in (*UNMENDABLE, "D171")],
)
def test_mended_file_connects(code: str, content: bytes) -> None:
    assert found(mended(content)) == []


@pytest.mark.parametrize("content", [row[3] for row in BROKEN if row[1] in UNMENDABLE])
def test_what_cannot_be_mended_keeps_its_bytes(content: bytes) -> None:
    assert mended(content) == content


def test_port_without_tls_is_told_when_this_mdxdash_has_tls() -> None:
    assert [told.code for told in found(GOOD, TLS)] == ["D133"]


def test_port_443_without_tls_here_cannot_be_mended_in_the_file() -> None:
    (told,) = found(GOOD.replace(b"9001", b"443"), AT_443)
    assert (told.code, told.mendable) == ("D132", False)


def test_settings_of_the_program_count_where_the_content_has_none() -> None:
    (told,) = found(GOOD, system=b"\ndisablePlugin=Remote\n")
    assert (told.code, told.file, told.line) == ("D111", "MMDAgent-EX.mdf", 2)


def test_settings_of_the_program_are_mended_in_the_content() -> None:
    system = b"disablePlugin=ALL\nenablePlugin=VIManager,Open_JTalk\n"
    assert mended(GOOD, system=system) == GOOD + b"enablePlugin=VIManager,Open_JTalk,Remote\n"


def test_content_wins_over_the_program() -> None:
    assert found(GOOD, system=b"Plugin_Remote_Websocket_Host=192.0.2.7\n") == []


def test_a_wrong_secret_is_told_without_the_right_one() -> None:
    (told,) = found(GOOD, GUARDED)
    assert told.code == "D143"
    assert "0123456789abcdef" not in told.text


def test_mending_writes_the_secret() -> None:
    assert b"/chat/0123456789abcdef\n" in mended(GOOD, GUARDED)


def test_only_the_value_of_the_winning_line_changes() -> None:
    content = b"# \x93\xfa\x96{\r\nwindowSize=1,2\t\r\n" + GOOD.replace(b"9001", b"9002 ") + b"x"
    assert mended(content) == content.replace(b"9002 ", b"9001 ")


def test_lines_are_added_in_the_manner_of_the_file() -> None:
    content = (HOST + PORT + PATH).replace(b"\n", b"\r\n")[:-2]
    assert mended(content) == content + b"\r\nPlugin_Remote_RetryCount=100000\r\n"


def test_nothing_is_written_into_a_file_that_connects() -> None:
    for _, settings, content in FINE:
        assert mended(content, settings) == content


def test_codes_are_unique() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)


LINES = st.lists(
    st.one_of(
        st.binary(max_size=30).filter(lambda line: b"\0" not in line),
        st.sampled_from([row[3].split(b"\n")[0] for row in BROKEN if row[1] not in UNMENDABLE]),
        st.sampled_from(GOOD.splitlines()),
    ),
    max_size=8,
)


@given(LINES)
def test_whatever_stands_in_the_file_mending_it_makes_it_connect(lines: list[bytes]) -> None:
    content = mended(b"\n".join(lines))
    assert {told.gravity for told in found(content)} <= {"note"}
