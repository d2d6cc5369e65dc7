"""Annotations as a TextGrid of Praat, written by praatio."""

from pathlib import Path
from tempfile import TemporaryDirectory

from praatio import textgrid
from praatio.utilities.constants import Interval

from mdxdash.dialogue.annotations.tiers import Annotations, require_few_tiers
from mdxdash.events.printable import printable


def textgrid_bytes(annotations: Annotations) -> bytes:
    """Returns the TextGrid, in its long form, in UTF-8. Raises `AnnotationError` for too many
    tiers."""
    require_few_tiers(annotations)
    grid = textgrid.Textgrid()
    length = max(1, annotations.length) / 1000
    for tier in annotations.tiers:
        entries = [
            Interval(each.begin / 1000, each.end / 1000, printable(each.label))
            for each in tier.annotations
        ]
        grid.addTier(textgrid.IntervalTier(printable(tier.name), entries, 0, length))
    if not annotations.tiers:
        grid.addTier(textgrid.IntervalTier("user", [], 0, length))
    with TemporaryDirectory() as folder:  # the library writes into a file only
        path = Path(folder) / "turns.TextGrid"
        grid.save(str(path), format="long_textgrid", includeBlankSpaces=True)
        return path.read_bytes()
