"""`.mdf` files that keep an agent from connecting, and ones that do not."""

from mdxdash.doctor.diagnosis import Diagnosis
from mdxdash.doctor.hub_address import hub_address
from mdxdash.doctor.mdf_file import MdfSettings, parse_mdf
from mdxdash.doctor.mending import mend
from mdxdash.doctor.rules import diagnose
from mdxdash.settings.tables.hub_section import HubSettings

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


def read(content: bytes, system: bytes) -> MdfSettings:
    return MdfSettings(
        (parse_mdf(system, "MMDAgent-EX.mdf"), parse_mdf(content, "content.mdf")), ENVIRON
    )


def found(content: bytes, settings: HubSettings = HERE, system: bytes = b"") -> list[Diagnosis]:
    return diagnose(read(content, system), hub_address(settings, settings.port))


def mended(content: bytes, settings: HubSettings = HERE, system: bytes = b"") -> bytes:
    return mend(read(content, system), hub_address(settings, settings.port)).files[-1].content
