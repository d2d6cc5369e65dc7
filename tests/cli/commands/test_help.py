"""`mdxdash help`: the guides."""

import re

import pytest

from mdxdash.cli import COMMANDS
from mdxdash.cli.commands.help import TOPICS, command, guide, title
from mdxdash.language.translation import use
from tests.support.documents import ENGLISH, JAPANESE
from tests.support.programs import call, mdxdash


def test_alone_it_lists_every_guide_with_its_title() -> None:
    shown = call(command).output
    for topic in TOPICS:
        assert any(
            line.split(maxsplit=1) == [topic, title(topic)] for line in shown.splitlines()
        ), topic


@pytest.mark.parametrize("topic", TOPICS)
def test_a_guide_is_printed_as_it_is(topic: str) -> None:
    result = call(command, topic)
    assert result.output == guide(topic)
    assert result.output.startswith("# ") and result.output.endswith("\n")


def test_a_guide_is_in_the_language_in_use() -> None:
    use("ja")
    assert call(command, "filter").output == JAPANESE["filter"]
    assert "フィルタ: " in call(command).output


def shape(text: str) -> list[object]:
    """What both languages of a guide have in common: headings, tables, samples, and code."""
    samples = re.findall(r"^```(\w+)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    return [
        re.findall(r"^#+", prose, re.MULTILINE),
        [len(line.split(" | ")) for line in prose.splitlines() if line.startswith("|")],
        [(language, unsaid(language, sample)) for language, sample in samples],
        {" ".join(code.split()) for code in re.findall(r"`([^`]+)`", prose)},
    ]


def unsaid(language: str, sample: str) -> object:
    """A sample without what is said in it, which has a language: comments, and in a macro texts."""
    lines = sample.splitlines()
    if language == "toml":
        return [line.partition(" = ")[0] for line in lines]
    return [line.partition(" #")[0].rstrip() for line in lines]


@pytest.mark.parametrize("topic", TOPICS)
def test_a_guide_says_the_same_in_both_languages(topic: str) -> None:
    assert shape(JAPANESE[topic]) == shape(ENGLISH[topic])
    assert re.search("[ぁ-ん]", JAPANESE[topic].partition("\n\n")[2])


def test_a_guide_and_a_command_never_have_the_same_name() -> None:
    assert not set(TOPICS) & set(COMMANDS)


def test_the_name_of_a_command_shows_its_help() -> None:
    assert mdxdash("help", "serve").stdout == mdxdash("serve", "--help").stdout


def test_an_unknown_name_ends_it_with_2_and_the_nearest_one() -> None:
    done = mdxdash("help", "filtre")
    assert done.returncode == 2
    assert "no guide or command 'filtre'; did you mean filter?" in done.stderr
