"""The rules of the `.mdf` doctor about the file as a whole: what they find hides all else. Pure."""

from typing import Final

from mdxdash.doctor.diagnosis import CutLine, Diagnosis, ExampleCase
from mdxdash.doctor.mdf_file import broken_lines

UTF_16: Final = (
    "The program reads nothing of a file that is saved as UTF-16. Save it as UTF-8 without a byte "
    "order mark."
)
STRAY_NUL: Final = (
    "To the program a text ends at a NUL byte. The file may be damaged: take a copy that is "
    "whole, or delete the NUL in an editor that shows it."
)
GIVEN_UP: Final = (
    "The program then skips the whole file, all its settings. Correct the line, or put # before it."
)
"""What each finding means; they are the diagnoses too, since there is but one case of each."""


def utf_16(case: ExampleCase) -> Diagnosis | None:
    if not _looks_like_utf_16(case.content.content):
        return None
    return Diagnosis("D101", "error", UTF_16, (), case.content.name)


def _looks_like_utf_16(content: bytes) -> bool:
    """Every second byte of Western text is NUL then, and hardly any of those between."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    few, many = sorted((content[::2].count(0), content[1::2].count(0)))
    return many >= max(4, len(content) // 4) and few <= many // 4


def stray_nul(case: ExampleCase) -> Diagnosis | None:
    before, nul, _ = case.content.content.partition(b"\0")
    if not nul:
        return None
    line = before.count(b"\n") + 1
    return Diagnosis("D106", "error", STRAY_NUL, (), case.content.name, line)


def given_up(case: ExampleCase) -> Diagnosis | None:
    # Of its own file the program reads the settings in spite of such a line.
    broken = broken_lines(case.content, case.mdf.environ)
    if not broken:
        return None
    line, _, reason = broken[0]
    cuts = tuple(CutLine(start, start, b"# ") for _, start, _ in broken)
    text = f"{reason}. {GIVEN_UP}"
    return Diagnosis("D102", "error", text, (), case.content.name, line, cuts=cuts)
