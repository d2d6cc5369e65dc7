"""Plugins, the avatar, and commands with an event at once."""

import pytest

from mdxdash.simulator.content.plugins import SIMPLE_REPLIES, Plugins
from tests.support.content_parts import PartStage


@pytest.fixture
def stage() -> PartStage:
    return PartStage(Plugins)


def texts(outputs: list[tuple[float, str]]) -> list[str]:
    return [text for _, text in outputs]


def test_a_plugin_is_switched_off_and_on_once(stage: PartStage) -> None:
    lines = ["PLUGIN_DISABLE|Audio", "PLUGIN_DISABLE|Audio", "PLUGIN_ENABLE|Audio"]
    assert texts(stage.after(*lines, "PLUGIN_ENABLE|Audio")) == [
        "PLUGIN_EVENT_DISABLE|Audio",
        "PLUGIN_EVENT_ENABLE|Audio",
    ]


def test_an_unknown_plugin_is_not_switched(stage: PartStage) -> None:
    assert stage.after("PLUGIN_ENABLE|Nothing", "PLUGIN_DISABLE|Nothing") == []


@pytest.mark.parametrize(
    ("line", "events"),
    [
        ("__AV_START", ["AVATAR|START"]),
        ("__AV_END", ["AVATAR|END"]),
        ("AVATAR_CONTROL|ENABLE", ["AVATAR|START", "AVATAR_EVENT_CONTROL|ENABLED"]),
        ("AVATAR_CONTROL|DISABLE", ["AVATAR_EVENT_CONTROL|DISABLED"]),
        ("AVATAR_CONTROL|OTHER", []),
    ],
)
def test_the_avatar_starts_and_ends(stage: PartStage, line: str, events: list[str]) -> None:
    assert texts(stage.after(line)) == events


@pytest.mark.parametrize(
    ("line", "events"),
    [
        ("MENU|ADD|page", ["MENU_EVENT|ADD|page"]),
        ("MENU|ADD", []),
        ("TEXTAREA_SET||board|text", ["TEXTAREA_EVENT_SET|board"]),
        ("INFOTEXT_STRING|text|title|ok", ["INFOTEXT_EVENT_SHOW"]),
        ("REMOTEKEY_CHAR|a", ["KEY|a"]),
        ("MODEL_UNBINDFACE|mei|smile", ["MODEL_EVENT_UNBINDFACE|mei|smile"]),
    ],
)
def test_an_event_repeats_the_first_arguments(
    stage: PartStage, line: str, events: list[str]
) -> None:
    assert texts(stage.after(line)) == events


@pytest.mark.parametrize("type_", SIMPLE_REPLIES)
def test_every_simple_reply_comes_at_once(stage: PartStage, type_: str) -> None:
    event, count = SIMPLE_REPLIES[type_]
    assert stage.after(f"{type_}|a|b|c", at=1) == [(1.0, "|".join([event, *"abc"[:count]]))]
