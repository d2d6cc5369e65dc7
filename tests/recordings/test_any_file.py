"""Any bytes as a recording: opening, reading and exporting them never raises but with a reason."""

import gzip
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mdxdash.events.statistics import Summary
from mdxdash.recordings.agent_frames import agent_frames
from mdxdash.recordings.exporting.formats import EXPORTS
from mdxdash.recordings.importing.detection import RecordingError
from mdxdash.recordings.opening import open_recording
from mdxdash.recordings.reader import Recording
from mdxdash.recordings.session_summary import describe
from tests.support.recorded import FOREIGN, RECORDINGS

OLDER = Path(__file__).parents[1] / "support" / "older"


EXAMPLES = int(os.environ.get("MDXDASH_EXAMPLES", "200"))
"""Examples a test; a soak sets more."""

REAL = [
    path.read_bytes()[:1_500]
    for folder in (RECORDINGS, OLDER, FOREIGN)
    for path in sorted(folder.iterdir())
    if path.is_file() and path.suffix != ".html" and not path.name.startswith(".")
]

FRAGMENTS = [
    b"[2026/11/22 19:48:26.306] [8303071] VIManager: Captured: TEST_MESSAGE\n",
    b"[2026/11/22 19:48:26.306] [" + b"9" * 5_000 + b"] VIManager: Captured: A\n",
    b"junk [2026/11/22 19:48:26.306] [1] A: Sent: B\n",
    b"[9999/99/99 99:99:99.999] [1] A: Sent: B\n",
    "2026-11-22 19:48:26.306 → chat A|b  [✓ 12 ms]\n".encode(),
    "2026-11-22 19:48:26.306 → chat A|b  [✓ ".encode() + b"9" * 400 + b" ms]\n",
    "2026-11-22 19:48:26.306 → chat A|b  [✓ ".encode() + b"9" * 5_000 + b" ms]\n",
    b'{"format":"mdxdash","version":1}\n',
    b'{"seq":1,"time":1e308,"kind":"connected","agent":"chat"}\n',
    b'{"seq":1,"time":-1e308,"kind":"sent","agent":"chat","type":"A"}\n',
    b'{"seq":1,"time":1,"kind":"connected","agent":"\\ud800"}\n',
    b'{"seq":-5,"time":1,"kind":"log","ticks":18446744073709551616,"echo":-7}\n',
    b'{"seq":9223372036854775807,"time":1,"kind":"sent","round_trip":1e300}\n',
    b'{"seq":' + b"9" * 400 + b',"time":1,"kind":"sent"}\n',
    b'{"seq":1,"time":1,"kind":"log","x":' + b"[" * 5_000 + b"\n",
    b'{"gap":{"from":1,"to":' + b"9" * 300 + b',"reason":""}}\n',
    b'{"mark":{"seq":-1,"on":true}}\n',
    b'{"t":1e308,"text":"A|b\\n"}\n{"t":-1e308,"sent":"\\n"}\n',
    b'{"t":0,"text":"[2026/11/22 19:48:26.306] [' + b"9" * 5_000 + b'] A: Sent: B\\n\\n"}\n',
    b"Received message: A|b\n",
    b"12:00:00.5 A|b\n[99:99:99] A\n9999-99-99T12:00:00+99:99 A\n",
    b"\x1b[34m< A|b\x1b[39m\n> \n",
    b'{"log":{"entries":[',
    b'{"_webSocketMessages":[{"type":"receive","time":1e308,"opcode":2,"data":"====="}]},',
    b"\n[",
    b"\xef\xbb\xbf",
    b"\xff\xfe\0",
    "\u3042\u2028|\ufeff\n".encode(),
    "こ".encode("cp932"),
]


@st.composite
def contents(draw: st.DrawFn) -> bytes:
    """Random bytes, real recordings with random changes, and hostile lines between them."""
    pieces = st.one_of(
        st.binary(max_size=60), st.sampled_from(FRAGMENTS), st.sampled_from(REAL).map(bytes)
    )
    content = bytearray(b"".join(draw(st.lists(pieces, min_size=1, max_size=6))))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 40)))
        content[start:end] = draw(st.one_of(st.binary(max_size=8), st.sampled_from(FRAGMENTS)))
    data = bytes(content)
    if draw(st.integers(0, 9)) == 0:
        packed = gzip.compress(data, compresslevel=1)
        return packed[: draw(st.integers(0, len(packed)))] + draw(st.binary(max_size=4))
    return data


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any") / "2026-11-23T04-31-05.jsonl"


def exports(recording: Recording) -> Iterator[bytes]:
    for export in EXPORTS.values():
        yield b"".join(export(recording.read_chunks(), recording.header))


@settings(max_examples=EXAMPLES, deadline=None)
@given(contents())
@example(b'{"format":"mdxdash","version":1}\n{"seq":1,"time":0,"kind":"sent","type":"A"}')
def test_any_file_is_exported_and_counted_or_refused_with_a_reason(
    path: Path, content: bytes
) -> None:
    path.write_bytes(content)
    describe(path)
    try:
        recording = open_recording(path)
    except RecordingError as error:
        assert str(error).startswith(f"{path}: ")
        return
    summary = Summary()
    seq = 0
    for chunk in recording.read_chunks():
        for event in chunk:
            seq += 1
            assert event.seq == seq
            summary.add(event)
    summary.total(), summary.by_count(), summary.rate(1)
    assert recording.window(1, seq + 1)[-1:] == [] or seq
    list(agent_frames(recording.read_chunks()))
    for exported in exports(recording):
        exported.decode("utf-8")


@settings(max_examples=EXAMPLES, deadline=None)
@given(contents(), st.integers(1, 400))
def test_a_window_has_the_same_events_under_the_same_numbers_wherever_blocks_end(
    path: Path, content: bytes, block: int
) -> None:
    path.write_bytes(content)
    try:
        recording = open_recording(path)
    except RecordingError:
        return
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("mdxdash.recordings.record_blocks.BLOCK", block)
        patched.setattr("mdxdash.recordings.reader.BLOCK", block)
        read = [event for chunk in recording.read_chunks() for event in chunk]
        for start in range(1, len(read), max(1, len(read) // 5)):
            found = recording.window(start, start + 3)
            expected = read[start - 1 : start + 2]
            assert [(e.seq, e.kind, e.type) for e in found] == [
                (e.seq, e.kind, e.type) for e in expected
            ]
