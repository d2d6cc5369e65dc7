"""Shown above the empty stream until the first agent connects: how to make one connect."""

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static


class WaitingNotice(Static):
    """The address, and the lines for an agent's `.mdf`."""

    def show(self, url: str, mdf_lines: Sequence[str]) -> None:
        """Draws them; they change once, when a free port was chosen."""
        lines = [
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
