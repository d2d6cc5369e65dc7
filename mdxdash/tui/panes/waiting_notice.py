"""Shown above the empty stream until the first agent connects: how to make one connect."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from textual.content import Content

from mdxdash.events.printable import printable
from mdxdash.language.translation import _
from mdxdash.settings.redaction import HIDDEN
from mdxdash.tui.key_settings.keymap import shown_key
from mdxdash.tui.widgets.live_text import LiveText

if TYPE_CHECKING:  # the first picture does not wait for it
    from mdxdash.hub.refusals import RefusalCount

_PATH: Final = "Plugin_Remote_Websocket_Directory="


class WaitingNotice(LiveText):
    """The address, and the lines for an agent's `.mdf`."""

    def show(self, url: str, mdf_lines: Sequence[str], wrong: "RefusalCount | None" = None) -> None:
        """Draws them, and who dials a wrong path."""
        lines = [
            *(_wrong_path_lines(wrong, mdf_lines) if wrong else ()),
            Content.assemble(_("Waiting for an agent at "), (url, "bold $accent")),
            Content(
                _("These lines in its .mdf make it connect ({copy} copies them):").format(
                    copy=shown_key(self.app, "copy_mdf")
                )
            ),
            Content(""),
            *(Content.styled(f"    {line}", "bold") for line in mdf_lines),
            Content(""),
            Content.styled(
                _(
                    "With the default of no retries an agent that starts before mdxdash never "
                    "connects. No agent at hand? mdxdash --demo has one built in."
                ),
                "$text-muted",
            ),
            Content.assemble(
                (_("mdxdash check CONTENT.mdf"), "bold"),
                (_(" finds what keeps an agent from connecting."), "$text-muted"),
            ),
        ]
        self.show_text(Content("\n").join(lines), layout=True)


def path_line(mdf_lines: Sequence[str]) -> str:
    """Returns the line of a `.mdf` that names the path; empty if there is none."""
    return next((line for line in mdf_lines if line.startswith(_PATH)), "")


def _wrong_path_lines(wrong: "RefusalCount", mdf_lines: Sequence[str]) -> list[Content]:
    dialled = _("another path") if wrong.dialled == HIDDEN else printable(wrong.dialled)
    times = _(" {count:,} times").format(count=wrong.count) if wrong.count > 1 else ""
    return [
        Content.assemble(
            (
                _("{host} was refused{times}: it dials {dialled}").format(
                    host=printable(wrong.host), times=times, dialled=dialled
                ),
                "$text-error",
            ),
            (_(", expected {expected}.").format(expected=printable(wrong.expected)), "$text-error"),
        ),
        Content.assemble(_("Change this line in its .mdf: "), (path_line(mdf_lines), "bold")),
        Content(""),
    ]
