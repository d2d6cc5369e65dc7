"""Annotations as a document of ELAN (EAF), written by pympi."""

from pathlib import Path
from tempfile import TemporaryDirectory

from pympi.Elan import Eaf

from mdxdash.dialogue.annotations.tiers import Annotations, require_few_tiers
from mdxdash.events.printable import printable

_TYPE = "interval"


def eaf_bytes(annotations: Annotations) -> bytes:
    """Returns the EAF document, in UTF-8. Raises `AnnotationError` for too many tiers."""
    require_few_tiers(annotations)
    document = Eaf(author="mdxdash")
    document.add_linguistic_type(_TYPE)
    for tier in annotations.tiers:
        name = printable(tier.name)
        participant = printable(tier.lane.model or tier.lane.kind)
        document.add_tier(name, ling=_TYPE, part=participant)
        for each in tier.annotations:
            document.add_annotation(name, each.begin, each.end, printable(each.label))
    document.remove_tier("default")
    with TemporaryDirectory() as folder:  # the library writes into a file only
        path = Path(folder) / "turns.eaf"
        document.to_file(path)
        return path.read_bytes()
