"""Whom a target means."""

import pytest

from mdxdash.hub.targets import exactly, next_target, selects

GROUPS = {"left": ("chat", "chat-1"), "guests": ("guest*",), "none": ()}


@pytest.mark.parametrize(
    ("target", "agents"),
    [
        (None, "chat chat-1 chat#2 guest-7"),
        ("all", "chat chat-1 chat#2 guest-7"),
        ("chat", "chat"),
        ("chat*", "chat chat-1 chat#2"),
        ("left", "chat chat-1"),
        ("guests", "guest-7"),
        ("none", ""),
        ("nobody", ""),
        ("CHAT", ""),
        ("=chat", "chat"),
        ("=chat*", ""),
    ],
)
def test_a_target_means(target: str | None, agents: str):
    everybody = ("chat", "chat-1", "chat#2", "guest-7")
    assert " ".join(agent for agent in everybody if selects(target, agent, GROUPS)) == agents


def test_a_group_wins_over_an_agent_of_its_name():
    assert not selects("left", "left", GROUPS)


def test_an_agent_can_be_meant_whatever_the_groups_are_called():
    assert selects(exactly("left"), "left", GROUPS)
    assert not selects(exactly("left"), "chat", GROUPS)


def test_a_name_with_brackets_is_meant_as_it_is_written():
    assert selects("room[1]", "room[1]", {})


def test_the_next_target_goes_from_all_through_agents_and_groups_to_all():
    agents, groups = ("chat", "chat-1"), {"chat": ("chat*",)}
    targets = [None]
    for _ in range(4):
        targets.append(next_target(targets[-1], agents, groups))
    assert targets == [None, "=chat", "=chat-1", "chat", None]


def test_after_an_agent_that_is_gone_all_agents_are_the_next_target():
    assert next_target("=gone", ("chat",), {}) is None
