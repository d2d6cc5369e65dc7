"""The rows of a view, beside a plain list."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdxdash.filters import view_rows
from mdxdash.filters.view_rows import ViewRows


@given(st.data())
@settings(max_examples=60)
def test_rows_are_as_a_sorted_list_has_them(data: st.DataObject) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(view_rows, "CHUNK", 8)
        patch.setattr(view_rows, "_LISTED", 2)
        rows = ViewRows()
        begin = end = data.draw(st.integers(1, 40))
        expected: list[int] = []
        for step in data.draw(st.lists(st.sampled_from("<>+-d"), max_size=20)):
            if step in "<>":
                mask = bytes(data.draw(st.lists(st.integers(0, 1), max_size=20)))
                first = end if step == ">" else begin - len(mask)
                if first < 1:
                    continue
                begin, end = min(begin, first), max(end, first + len(mask))
                assert rows.add(first, mask) is (1 in mask)
                expected += [first + at for at, yes in enumerate(mask) if yes]
                expected.sort()
            elif step == "d":
                lowest = data.draw(st.integers(begin, end))
                assert rows.drop_before(lowest) is any(seq < lowest for seq in expected)
                expected = [seq for seq in expected if seq >= lowest]
                begin = lowest
            elif begin < end:
                seq = data.draw(st.integers(begin, end - 1))
                if step == "+" and seq not in expected:
                    rows.insert(seq)
                    expected = sorted([*expected, seq])
                elif step == "-" and seq in expected:
                    rows.remove(seq)
                    expected.remove(seq)
            assert [rows.seq_at(row) for row in range(len(rows))] == expected
            assert [rows.row_of(seq) for seq in range(1, end + 9)] == [
                sum(each < seq for each in expected) for seq in range(1, end + 9)
            ]
            shown = [seq for seq in range(1, end + 9) if rows.shows(seq)]
            assert shown == expected
            assert rows.mask(1, end + 9) == bytes([seq in shown for seq in range(1, end + 9)])


@pytest.mark.parametrize("row", [-1, 2])
def test_there_is_no_row_before_the_first_or_after_the_last(row: int) -> None:
    rows = ViewRows()
    rows.add(5, b"\1\0\1")
    with pytest.raises(IndexError):
        rows.seq_at(row)
