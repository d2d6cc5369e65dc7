"""The rules of the `.mdf` doctor about the file as a whole: what they find hides all else. Pure."""

from mdxdash.hub.diagnosis import Case, Cut, Diagnosis
from mdxdash.hub.mdf import broken_lines


def utf_16(case: Case) -> Diagnosis | None:
    if not _looks_like_utf_16(case.content.content):
        return None
    text = (
        "The file is saved as UTF-16, of which the program reads nothing. Save it as UTF-8 "
        "without a byte order mark."
    )
    return Diagnosis("D101", "error", text, (), case.content.name)


def _looks_like_utf_16(content: bytes) -> bool:
    """Every second byte of Western text is NUL then, and hardly any of those between."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    few, many = sorted((content[::2].count(0), content[1::2].count(0)))
    return many >= max(4, len(content) // 4) and few <= many // 4


def stray_nul(case: Case) -> Diagnosis | None:
    before, nul, _ = case.content.content.partition(b"\0")
    if not nul:
        return None
    text = (
        "A NUL byte stands in this line: to the program a text ends there. The file may be "
        "damaged; take a copy that is whole, or delete the NUL in an editor that shows it."
    )
    line = before.count(b"\n") + 1
    return Diagnosis("D106", "error", text, (), case.content.name, line)


def given_up(case: Case) -> Diagnosis | None:
    # Of its own file the program reads the settings in spite of such a line.
    broken = broken_lines(case.content, case.mdf.environ)
    if not broken:
        return None
    line, _, reason = broken[0]
    cuts = tuple(Cut(start, start, b"# ") for _, start, _ in broken)
    text = (
        f"{reason}. The program then skips the whole file, all its settings. "
        f"Correct the line, or put # before it."
    )
    return Diagnosis("D102", "error", text, (), case.content.name, line, cuts=cuts)
