"""Texts in one piece."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mdxdash.events.storage.text_column import TextColumn


@given(st.lists(st.text(), min_size=1, max_size=8), st.data())
@settings(max_examples=50)
def test_any_texts_are_returned_as_they_were(texts: list[str], data: st.DataObject) -> None:
    column = TextColumn(texts)
    start = data.draw(st.integers(0, len(texts) - 1))
    stop = data.draw(st.integers(start + 1, len(texts)))
    assert column.texts(start, stop) == texts[start:stop]


def test_half_of_a_surrogate_pair_is_kept() -> None:
    texts = ["\ud83d", "\ud83d\ude00", "", "a"]
    assert TextColumn(texts).texts(0, 4) == texts
    assert [TextColumn(texts).text(position) for position in range(4)] == texts


def test_offsets_tell_where_texts_begin() -> None:
    column = TextColumn(["ab", "", "あ"])
    assert list(column.offsets) == [0, 3, 4, 8]
    assert column.piece(1, 3) == b"\xff" + "あ".encode()
