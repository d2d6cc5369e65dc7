"""Picking a text in the language in use."""

import pytest

from mdxdash.language.translation import N_, _, current, localized, ngettext, text_in, use


def test_english_is_the_language_until_another_is_set() -> None:
    assert current() == "en"
    assert _("Commands") == "Commands"
    assert ngettext("{agents} agent", "{agents} agents", 1) == "{agents} agent"
    assert ngettext("{agents} agent", "{agents} agents", 2) == "{agents} agents"


def test_a_text_is_translated_where_it_is_shown() -> None:
    marked = N_("Commands")
    use("ja")
    assert marked == "Commands"
    assert _(marked) == "コマンド"
    assert ngettext("{agents} agent", "{agents} agents", 1) == "{agents} エージェント"


def test_a_text_without_a_translation_stays_as_it_is() -> None:
    use("ja")
    assert _("no such text") == "no such text"
    assert _("") == ""


def test_a_text_is_had_in_a_language_that_is_not_in_use() -> None:
    assert text_in("ja", "Commands") == "コマンド"
    assert text_in("en", "Commands") == "Commands"


@pytest.mark.parametrize(
    ("english", "japanese"),
    [
        ("the agent chat is gone", "エージェント chat がいなくなりました"),
        (
            "a.toml:2: [hub] `port`: expected a port from 0 to 65535, got 70000",
            "a.toml:2: [hub] `port`: 0 ～ 65535 のポートにしてください (現在の値 70000)",
        ),
        (
            "connection from 127.0.0.1:5: path /a, expected /chat",
            "127.0.0.1:5 からの接続: パス /a、正しくは /chat",
        ),
        (
            "refused: the hub is not reached: the connection was broken (room-6)",
            "拒否: ハブに接続できません: 接続が切れました (room-6)",
        ),
        ("driver: stop speech to 7 agents", "driver: 7 エージェントの発話の停止"),
        ("a text of somebody else", "a text of somebody else"),
    ],
    ids=["values", "a text in a text", "a refusal", "what stands behind", "a number", "unknown"],
)
def test_a_recorded_text_is_translated_with_its_values(english: str, japanese: str) -> None:
    assert localized(english) == english
    use("ja")
    assert localized(english) == japanese


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "A315 this reads as text, not as a message; all of it would be the type",
            "A315 メッセージではなく文章のように読めます。このままでは全体が種類になります",
        ),
        ("a longer sentence that nobody has translated, not as one would wish", None),
        ("端末がありません。`mdxdash events` は同じ", None),
        (
            "mdxdash.toml: the file cannot be read: No such file or directory",
            "mdxdash.toml: ファイルを読めません: No such file or directory",
        ),
    ],
)
def test_a_template_with_few_letters_takes_no_sentence_in(text: str, shown: str | None) -> None:
    use("ja")
    assert localized(text) == (shown or text)


def test_names_are_not_translated() -> None:
    use("ja")
    assert localized('there is no macro "Types"') == "マクロ「Types」はありません"


def test_a_hostile_text_is_looked_up_in_little_time() -> None:
    use("ja")
    text = "a: b; c, d. " * 300
    assert localized(text) == text
