"""Rules about the settings that switch Plugin_Remote off."""

import pytest

from tests.support.mdf_samples import GOOD, found, mended


@pytest.mark.parametrize(
    ("lines", "code", "text"),
    [
        (
            b"disablePlugin=Audio,Remote\n",
            "D111",
            "disablePlugin=Audio,Remote keeps Plugin_Remote from being loaded. "
            "Take Remote off the list, or name it in enablePlugin, which wins.",
        ),
        (
            b"disablePlugin=ALL\n",
            "D111",
            "disablePlugin=ALL keeps Plugin_Remote from being loaded. "
            "Take Remote off the list, or name it in enablePlugin, which wins.",
        ),
        (
            b"exclude_Plugin_Remote=yes\n",
            "D112",
            "exclude_Plugin_Remote=yes keeps Plugin_Remote from being loaded.",
        ),
        (
            b"exclude_Plugin_Remote=true\n",
            "D112",
            "exclude_Plugin_Remote=true keeps Plugin_Remote from being loaded.",
        ),
    ],
)
def test_what_keeps_the_plugin_from_being_loaded(lines: bytes, code: str, text: str) -> None:
    (one,) = found(GOOD + lines)
    assert (one.code, one.severity, one.text) == (code, "error", text)


@pytest.mark.parametrize(
    "lines",
    [
        b"disablePlugin=Audio\n",
        b"disablePlugin=remote\n",
        b"disablePlugin=Remote\nenablePlugin=ALL\n",
        b"disablePlugin=Remote\nenablePlugin=Audio,Remote\n",
        b"exclude_Plugin_Remote=no\n",
        b"exclude_Plugin_Remote=1\n",
        b"exclude_Plugin_Remote=yes\nenablePlugin=Remote\n",
    ],
)
def test_the_plugin_is_loaded(lines: bytes) -> None:
    assert found(GOOD + lines) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"disablePlugin=ALL\n", b"disablePlugin=ALL\nenablePlugin=Remote\n"),
        (
            b"disablePlugin=ALL\nenablePlugin=Julius\n",
            b"disablePlugin=ALL\nenablePlugin=Julius,Remote\n",
        ),
        (
            b"disablePlugin=ALL\nenablePlugin=NONE\n",
            b"disablePlugin=ALL\nenablePlugin=Remote\n",
        ),
        (b"exclude_Plugin_Remote=yes\n", b"exclude_Plugin_Remote=no\n"),
    ],
)
def test_the_plugin_is_enabled_beside_the_others(before: bytes, after: bytes) -> None:
    assert mended(GOOD + before) == GOOD + after
