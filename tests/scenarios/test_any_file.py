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
from tests.support.odd_lines import ODD_LINES
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


@st.composite
def contents(draw: st.DrawFn) -> bytes:
    """Random bytes, real recordings with random changes, and hostile lines between them."""
    pieces = st.one_of(
        st.binary(max_size=60), st.sampled_from(ODD_LINES), st.sampled_from(REAL).map(bytes)
    )
    content = bytearray(b"".join(draw(st.lists(pieces, min_size=1, max_size=6))))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 40)))
        content[start:end] = draw(st.one_of(st.binary(max_size=8), st.sampled_from(ODD_LINES)))
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
