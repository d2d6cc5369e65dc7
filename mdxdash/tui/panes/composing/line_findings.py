"""What the catalog finds in the lines of the composer, in words: all lines, by their numbers."""

import asyncio
from collections.abc import Sequence
from typing import Final

from mdxdash.catalog.announced import AnnouncedState
from mdxdash.catalog.check import Finding, check_lines
from mdxdash.catalog.codes import OF_THE_DOCUMENTATION, SEVERITIES, Severity
from mdxdash.catalog.mistyped import corrected
from mdxdash.language.translation import _, localized

_LINES_AT_A_TIME: Final = 50
"""Lines that are checked before the event loop has its turn again."""

_SHOWN_MAX: Final = 3
"""Findings that are shown; of more, the number is."""


def about_the_line(findings: Sequence[Finding]) -> Sequence[Finding]:
    """Returns the findings that tell whoever writes a line something of it."""
    return [finding for finding in findings if finding.code not in OF_THE_DOCUMENTATION]


class LineFindings:
    """The findings of several lines that are sent one after the other."""

    def __init__(self, found: Sequence[tuple[int, Finding]], *, several: bool) -> None:
        """`found` are lines' numbers and what was found in them; `several` says whether there is
        more than one line, so that the numbers are of use."""
        self._found = found
        self._several = several

    @classmethod
    async def of(cls, text: str, state: AnnouncedState | None) -> "LineFindings":
        """Checks the lines of a text, blank ones left out, for an agent with this state."""
        numbered = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
        found: list[tuple[int, Finding]] = []
        checked = check_lines((line for _number, line in numbered), state)
        for position, ((number, _line), findings) in enumerate(
            zip(numbered, checked, strict=True), 1
        ):
            found += [(number, finding) for finding in about_the_line(findings)]
            if position % _LINES_AT_A_TIME == 0:
                await asyncio.sleep(0)
        return cls(found, several=len(numbered) > 1)

    @property
    def severity(self) -> Severity | None:
        """The highest severity; None if nothing was found."""
        found = {finding.severity for _number, finding in self._found}
        return next((severity for severity in SEVERITIES if severity in found), None)

    @property
    def asked(self) -> "LineFindings":
        """Only what is asked about."""
        found = [(number, one) for number, one in self._found if one.severity == "ask"]
        return LineFindings(found, several=self._several)

    def __bool__(self) -> bool:
        return bool(self._found)

    def words(self, correct_key: str) -> str:
        """Returns the most severe ones, with their lines' numbers if there are several lines.

        `correct_key` is the key that corrects full-width characters.
        """
        order = sorted(self._found, key=lambda found: SEVERITIES.index(found[1].severity))
        texts = [
            _("line {n}: {one}").format(n=n, one=shown(one)) if self._several else shown(one)
            for n, one in order[:_SHOWN_MAX]
        ]
        if len(order) > _SHOWN_MAX:
            texts.append(_("and {count:,} more").format(count=len(order) - _SHOWN_MAX))
        if any(finding.code == "A314" for _number, finding in self._found):
            texts.append(_("{key} corrects the full-width characters").format(key=correct_key))
        return "\n".join(texts)


def corrected_text(text: str) -> str:
    """Returns the text with each line whose head has full-width characters corrected."""
    return "\n".join(corrected(line) or line for line in text.split("\n"))


def shown(finding: Finding) -> str:
    """Returns a finding in the language in use."""
    return f"{finding.code} {localized(finding.text)}"
