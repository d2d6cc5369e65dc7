"""What the agent's parser takes from its buffer in one step, and whether that harms it."""

import pytest

from mdxdash.hub.relay.hazards import (
    AGENT_BUFFER_BYTES,
    HAZARDS,
    Item,
    completion,
    frame_hazards,
    is_block_head,
    line_text,
    misread_block,
    next_item,
    pending_hazard,
)


@pytest.mark.parametrize(
    ("buffer", "item"),
    [
        (b"A|1\nB\n", Item("line", b"A|1\n")),
        (b"A|1\r\n\nB", Item("line", b"A|1\r\n\n")),
        (b"\n", Item("newlines", b"\n", "R102")),
        (b"\nA\n", Item("newlines", b"\n", "R103")),
        (b"STOP\n", Item("line", b"STOP\n", "R108")),
        (b"STOP\n\n\n", Item("line", b"STOP\n\n\n")),
        (b"SNDFILEA\n", Item("control", b"SNDFILE")),
        (b"SNDFILE\r\nA\n", Item("control", b"SNDFILE\r\n")),
        (b"SNDSTRM\rA\n", Item("control", b"SNDSTRM\r", "R113")),
        (b"SND0002abA\n", Item("audio", b"SND0002ab")),
        (b"SND9999xA", Item("audio", b"SND9999xA", "R111")),
        (b"SND9999\nA\n", Item("line", b"SND9999\n", "R107")),
        (b"SNDFOO|x\n", Item("line", b"SNDFOO|x\n", "R107")),
        (b"SND 3abc\n", Item("line", b"SND 3abc\n", "R115")),
        (b"A|\0\n", Item("line", b"A|\0\n", "R104")),
        (b"A|\xff\n", Item("line", b"A|\xff\n", "R105")),
    ],
)
def test_the_next_item_is_what_the_agent_takes(buffer: bytes, item: Item) -> None:
    assert next_item(buffer, 0) == item


@pytest.mark.parametrize("buffer", [b"", b"A|1", b"S|", b"STOP", b"SND0002a", b"SND9999"])
def test_there_is_no_item_while_the_agent_waits_for_more(buffer: bytes) -> None:
    assert next_item(buffer, 0) is None


def test_an_item_begins_at_the_position() -> None:
    assert next_item(b"A|1\nB|2\nC", 4) == Item("line", b"B|2\n")
    assert next_item(b"A\n\n", 2) == Item("newlines", b"\n", "R103")


def test_an_item_that_the_catalog_refuses_has_the_catalog_s_code_and_reason() -> None:
    item = next_item(b"RECOG_MODIFY|GAIN\n", 0)
    assert item is not None
    assert item.hazard == "C203"
    assert item.warning == f"C203 {item.reason}"


def test_the_warning_of_a_wire_hazard_is_its_code_and_text() -> None:
    assert Item("newlines", b"\n", "R102").warning == f"R102 {HAZARDS['R102']}"


@pytest.mark.parametrize(
    ("buffer", "item"),
    [
        (b"SND 3abcdX", Item("audio", b"SND 3abcdX", "R115")),
        (b"SNDFOO|x\n", Item("audio", b"SNDFOO|", "R107")),
        (b"SND-002ab", Item("audio", b"SND-002ab", "R115")),
    ],
)
def test_a_block_without_four_digits_is_read_as_far_as_it_is_a_number(
    buffer: bytes, item: Item
) -> None:
    assert misread_block(buffer, 0) == item


def test_a_misread_block_waits_for_its_bytes() -> None:
    assert misread_block(b"SND 9  ab", 0) is None


@pytest.mark.parametrize("head", [b"SND0000", b"SND1280", b"SNDSTRM", b"SNDFILE", b"SNDBRKS"])
def test_a_block_head_is_a_control_or_has_four_digits(head: bytes) -> None:
    assert is_block_head(head)
    assert not is_block_head(head[:-1] + b"|")


@pytest.mark.parametrize(
    ("pending", "rest"),
    [
        (b"", b""),
        (b"A|1", b"\n"),
        (b"S", b"\n" * 6),
        (b"START", b"\n\n"),
        ("あ".encode()[:2], b"\x80\n"),
        (b"SNDST", b"RM"),
        (b"SND0", b"000"),
        (b"SND0004a", b"\0\0\0"),
        (b"SND9999", None),
        (b"SNDFOO|", None),
        (b"A|\0", None),
    ],
)
def test_a_completion_ends_a_part_without_harm(pending: bytes, rest: bytes | None) -> None:
    assert completion(pending) == rest


@pytest.mark.parametrize(
    ("pending", "code"),
    [
        (b"A|1", ""),
        (b"A|" + "あ".encode()[:2], ""),
        (b"SND", ""),
        (b"SND0004a", ""),
        (b"SND 3ab", "R115"),
        (b"A|\0", "R104"),
        (b"A|\xff", "R105"),
        (b"A|" + b"x" * 2048, "R106"),
    ],
)
def test_a_part_may_be_a_hazard_before_its_rest_has_come(pending: bytes, code: str) -> None:
    assert pending_hazard(pending) == code


def test_a_frame_is_a_hazard_if_it_is_empty_or_does_not_fit_the_buffer() -> None:
    assert frame_hazards(b"", 0, 0) == ["R101"]
    assert frame_hazards(b"A\n", AGENT_BUFFER_BYTES - 2, 0) == []
    assert frame_hazards(b"A\n", AGENT_BUFFER_BYTES - 1, 0) == ["R109"]
    assert frame_hazards(b"A\n", 0, AGENT_BUFFER_BYTES + 1) == ["R109"]


def test_the_text_of_a_line_is_without_its_end_and_always_text() -> None:
    assert line_text(Item("line", b"A|1\r\n\n")) == "A|1"
    assert line_text(Item("line", b"A|\xff\n")) == "A|\ufffd"
