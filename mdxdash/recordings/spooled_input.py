"""Copies input that can be read only once, or only from its beginning, into a temporary file.

Standard input, pipes and files compressed by gzip (RFC 1952) are read several times here, and from
the middle. The copy is bounded, readable by its owner only, and removed when the program ends (if
SIGKILL ends it, only on Linux).
"""

import gzip
import os
import tempfile
import weakref
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

from mdxdash.language.translation import N_

SPOOL_MAX: Final = 2 * 2**30
"""The most bytes that are copied."""

GZIP_START: Final = b"\x1f\x8b"
"""How a file compressed by gzip begins (RFC 1952, section 2.3.1)."""

_BLOCK: Final = 2**18


class SpooledInput:
    """A temporary file. It is removed with this object, at the latest when the program ends."""

    def __init__(self) -> None:
        descriptor, name = tempfile.mkstemp(prefix="mdxdash-", suffix=".input")
        if Path(f"/proc/self/fd/{descriptor}").exists():
            # On Linux it loses its name at once, so that even SIGKILL leaves nothing behind.
            _remove(Path(name))
            self.path = Path(f"/proc/self/fd/{descriptor}")
            self._removal: Callable[[], object] = weakref.finalize(self, os.close, descriptor)
        else:
            os.close(descriptor)
            self.path = Path(name)
            self._removal = weakref.finalize(self, _remove, self.path)
        self.problem = ""
        """Why not all of the input is in it; empty if all is."""

    def remove(self) -> None:
        """Removes the file now."""
        self._removal()


def spool(source: BinaryIO, max_bytes: int = SPOOL_MAX) -> SpooledInput:
    """Copies a stream to its end. Blocks. Raises `OSError`."""
    spooled = SpooledInput()
    left = max_bytes
    with spooled.path.open("wb") as file:
        while block := source.read(_BLOCK):
            file.write(block[:left])
            left -= len(block)
            if left < 0:
                spooled.problem = N_("only the first {limit:,} bytes of it were read").format(
                    limit=max_bytes
                )
                break
    return spooled


def spool_gzip(source: BinaryIO, max_bytes: int = SPOOL_MAX) -> SpooledInput:
    """Copies what a file compressed by gzip holds, as far as it can be read. Blocks. Raises
    `OSError`."""
    spooled = SpooledInput()
    left = max_bytes
    with spooled.path.open("wb") as file, gzip.GzipFile(fileobj=source, mode="rb") as unpacked:
        while left > 0:
            try:
                block = unpacked.read1(min(_BLOCK, left))
            except EOFError:
                spooled.problem = N_("the compressed file ends too early")
                break
            except (gzip.BadGzipFile, zlib.error) as error:
                spooled.problem = N_("the compressed file is damaged: {error}").format(error=error)
                break
            if not block:
                break
            file.write(block)
            left -= len(block)
        else:
            spooled.problem = N_("only the first {limit:,} bytes of it were read").format(
                limit=max_bytes
            )
    return spooled


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
