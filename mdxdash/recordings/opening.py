"""Opens files with events: recordings and files of other programs, compressed ones, standard
input and pipes.
"""

import io
import sys
from codecs import BOM_UTF8
from pathlib import Path
from typing import BinaryIO, Final

from mdxdash.events.encoding import json_lines
from mdxdash.language.translation import N_
from mdxdash.recordings.file_format import Header
from mdxdash.recordings.importing.detection import RecordingError, detect
from mdxdash.recordings.importing.har import HAR_MAX, har_events, is_har
from mdxdash.recordings.importing.input_format import InputFormat
from mdxdash.recordings.importing.json_lines import JsonLines
from mdxdash.recordings.reader import Recording
from mdxdash.recordings.spooled_input import GZIP_START, SpooledInput, spool, spool_gzip
from mdxdash.settings.regular_file import open_regular, read_regular

STANDARD_INPUT: Final = frozenset({"-", "/dev/stdin"})
"""The names of standard input."""

_HEAD: Final = 65_536
"""Bytes from which a file's format is detected."""


def open_recording(path: Path, *, follow: bool = False) -> Recording:
    """Opens a file in any of the formats that `importing` detects. Raises `RecordingError`.

    `-` is standard input. It and pipes are read to their end first, which may block.

    With `follow`, `read_chunks` goes on with what is appended to the file later.
    """
    name = "stdin" if str(path) in STANDARD_INPUT else str(path)
    try:
        spooled = _spool_stream(path)
        if follow and spooled is not None:
            raise RecordingError(N_("it cannot be followed, only a file can"))
        with open_regular(path if spooled is None else spooled.path) as file:
            head = file.read(_HEAD)
            if head.startswith(GZIP_START):
                spooled = _unpack(file, spooled)
                head = _head(spooled.path)
        format_: InputFormat
        begin = len(BOM_UTF8) if head.startswith(BOM_UTF8) else 0
        content = path if spooled is None else spooled.path
        if is_har(head[begin:]):
            spooled, format_ = _spool_har(content, begin, spooled), JsonLines(Header())
            begin = 0
        else:
            status = (content if name == "stdin" else path).stat()
            format_ = detect(head[begin:], status.st_mtime)
        if follow and spooled is not None:
            raise RecordingError(N_("it cannot be followed, since it is compressed or a HAR file"))
        return Recording(path, format_, begin, name=name, spooled=spooled, follow=follow)
    except OSError as error:
        raise RecordingError(f"{name}: {error.strerror or error}") from error
    except (RecordingError, ValueError) as error:
        raise RecordingError(f"{name}: {error}") from None


def _head(path: Path) -> bytes:
    with open_regular(path) as file:
        return file.read(_HEAD)


def _spool_stream(path: Path) -> SpooledInput | None:
    """Copies what can be read only once; None for a file."""
    if str(path) in STANDARD_INPUT:
        if sys.stdin is None:
            raise RecordingError(N_("standard input is closed"))
        return spool(sys.stdin.buffer)
    if path.is_fifo():
        with path.open("rb") as pipe:
            return spool(pipe)
    return None


def _unpack(file: BinaryIO, packed: SpooledInput | None) -> SpooledInput:
    file.seek(0)
    unpacked = spool_gzip(file)
    if packed is not None:
        unpacked.problem = packed.problem or unpacked.problem
        packed.remove()
    return unpacked


def _spool_har(content: Path, begin: int, earlier: SpooledInput | None) -> SpooledInput:
    """Copies the messages of a HAR file as JSON Lines. Raises `ValueError`, `OSError`."""
    found = har_events(read_regular(content, HAR_MAX)[begin:])
    if not found.events:
        raise RecordingError(
            found.problem
            or N_(
                "it is a HAR file without messages of a WebSocket: Chrome and Edge write those "
                "that "
                "came while their network panel was open"
            )
        )
    spooled = spool(io.BytesIO(json_lines(found.events)))
    spooled.problem = found.problem
    if earlier is not None:
        spooled.problem = earlier.problem or found.problem
        earlier.remove()
    return spooled
