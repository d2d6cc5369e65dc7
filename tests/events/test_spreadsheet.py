"""Cells that a spreadsheet shows and does not compute."""

import csv
import io

from mdxdash.events.spreadsheet import cell, csv_rows


def test_a_formula_is_text() -> None:
    assert [cell(text) for text in ("=1+1", "＝1+1", "plain")] == ["'=1+1", "'＝1+1", "plain"]


def test_a_cell_may_have_commas_quotes_and_japanese() -> None:
    row = ["a,b", 'say "x"', "こんにちは"]
    assert list(csv.reader(io.StringIO(csv_rows([row]).decode()))) == [row]
