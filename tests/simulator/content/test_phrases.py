"""The dialogue of the simulated content."""

import pytest

from mdxdash.simulator.content.phrases import EXCHANGES, Exchange, exchange_for


@pytest.mark.parametrize("exchange", EXCHANGES, ids=lambda exchange: exchange.motion)
def test_every_question_has_its_reply(exchange: Exchange) -> None:
    assert exchange_for(exchange.question) is exchange
    assert exchange.reply
    assert exchange.motion.isalpha()


def test_no_question_is_asked_twice() -> None:
    assert len({exchange.question for exchange in EXCHANGES}) == len(EXCHANGES)


def test_any_other_text_is_repeated() -> None:
    assert exchange_for("もしもし") == Exchange("もしもし", "「もしもし」と聞こえました。", "nod")


def test_no_text_has_a_bar_or_a_newline() -> None:
    texts = [text for one in EXCHANGES for text in (one.question, one.reply)]
    assert not [text for text in texts if "|" in text or "\n" in text]
