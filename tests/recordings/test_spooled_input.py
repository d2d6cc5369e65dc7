"""Copies of what can be read only once: bounded, and gone afterwards."""

import gzip
import io
from pathlib import Path

from mdxdash.recordings.spooled_input import spool, spool_gzip


def test_a_stream_is_copied_whole() -> None:
    spooled = spool(io.BytesIO(b"A|b\n" * 100_000))
    assert spooled.path.read_bytes() == b"A|b\n" * 100_000
    assert spooled.problem == ""


def test_of_an_endless_stream_the_beginning_is_copied() -> None:
    with (
        Path("/dev/zero").open("rb")
        if Path("/dev/zero").exists()
        else io.BytesIO(bytes(2_000_000)) as endless
    ):
        spooled = spool(endless, 1_000_000)
    assert spooled.path.stat().st_size == 1_000_000
    assert spooled.problem == "only the first 1,000,000 bytes of it were read"


def test_exactly_as_many_bytes_as_allowed_are_all() -> None:
    assert spool(io.BytesIO(bytes(1000)), 1000).problem == ""


def test_a_small_file_that_unpacks_to_a_huge_one_is_bounded() -> None:
    spooled = spool_gzip(io.BytesIO(gzip.compress(bytes(10_000_000))), 1_000_000)
    assert spooled.path.stat().st_size == 1_000_000
    assert "only the first 1,000,000 bytes" in spooled.problem


def test_of_a_damaged_compressed_file_what_can_be_read_is_read() -> None:
    packed = gzip.compress(b"A|b\n" * 1000)
    cut = spool_gzip(io.BytesIO(packed[:-20]))
    assert cut.problem == "the compressed file ends too early"
    assert b"A|b\n".startswith(cut.path.read_bytes()[:4])
    junk = spool_gzip(io.BytesIO(packed + b"junk"))
    assert junk.path.read_bytes() == b"A|b\n" * 1000
    assert junk.problem.startswith("the compressed file is damaged: ")


def test_the_copy_goes_with_its_object() -> None:
    spooled = spool(io.BytesIO(b"A"))
    path = spooled.path
    spooled.remove()
    assert not path.exists()
