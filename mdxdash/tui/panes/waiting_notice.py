"""Shown above the empty stream until the first agent connects: how to make one connect."""

from collections.abc import Sequence
from typing import Final

from textual.content import Content
from textual.widgets import Static

from mdxdash.events.printable import printable
from mdxdash.hub.refusals import RefusalCount
from mdxdash.settings.redaction import HIDDEN

_PATH: Final = "Plugin_Remote_Websocket_Directory="


class WaitingNotice(Static):
    """The address, and the lines for an agent's `.mdf`."""

    def show(self, url: str, mdf_lines: Sequence[str], wrong: RefusalCount | None = None) -> None:
        """Draws them, and who dials a wrong path."""
        lines = [
            *(_wrong_path_lines(wrong, mdf_lines) if wrong else ()),
            Content.assemble("Waiting for an agent at ", (url, "bold $accent")),
            Content("These lines in its .mdf make it connect (w copies them):"),
            Content(""),
            *(Content.styled(f"    {line}", "bold") for line in mdf_lines),
            Content(""),
            Content.styled(
                "With the default of no retries an agent that starts before mdxdash never "
                "connects. No agent at hand? mdxdash --demo has one built in.",
                "$text-muted",
            ),
            Content.assemble(
                ("mdxdash check CONTENT.mdf", "bold"),
                (" finds what keeps an agent from connecting.", "$text-muted"),
            ),
        ]
        self.update(Content("\n").join(lines))


def path_line(mdf_lines: Sequence[str]) -> str:
    """Returns the line of a `.mdf` that names the path; empty if there is none."""
    return next((line for line in mdf_lines if line.startswith(_PATH)), "")


def _wrong_path_lines(wrong: RefusalCount, mdf_lines: Sequence[str]) -> list[Content]:
    dialled = "another path" if wrong.dialled == HIDDEN else printable(wrong.dialled)
    times = f" {wrong.count:,} times" if wrong.count > 1 else ""
    return [
        Content.assemble(
            (f"{printable(wrong.host)} was refused{times}: it dials {dialled}", "$text-error"),
            (f", expected {printable(wrong.expected)}.", "$text-error"),
        ),
        Content.assemble("Change this line in its .mdf: ", (path_line(mdf_lines), "bold")),
        Content(""),
    ]
