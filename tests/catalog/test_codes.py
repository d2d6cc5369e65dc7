"""The codes of findings: their letters, their messages, their order."""

import pytest

from mdxdash.catalog.codes import CODES, SEVERITIES, Code
from mdxdash.catalog.lookup import find
from mdxdash.wire.framing import WIRE_RULES


@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
def test_a_codes_letter_says_its_severity(code: Code) -> None:
    letters = {"W": "refused", "C": "refused", "A": "ask", "H": "hint"}
    assert letters[code.code[0]] == code.severity
    assert code.severity in SEVERITIES


@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
def test_a_code_names_only_messages_that_exist(code: Code) -> None:
    assert all(find(type_) for type_ in code.types)


def test_every_code_is_listed_under_its_own_name() -> None:
    assert all(name == code.code for name, code in CODES.items())


def test_the_codes_of_the_wire_come_first_and_are_refused() -> None:
    assert list(CODES)[: len(WIRE_RULES)] == list(WIRE_RULES)
    assert {CODES[code].meaning for code in WIRE_RULES} == set(WIRE_RULES.values())


def test_severities_are_ordered_from_refused_to_hint() -> None:
    assert SEVERITIES == ("refused", "ask", "hint")


@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
def test_texts_are_whole_sentences(code: Code) -> None:
    for text in (code.meaning, code.remedy):
        assert not text or (text[0].isupper() and text.endswith("."))
