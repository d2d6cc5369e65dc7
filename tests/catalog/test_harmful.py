"""The table of the commands that may harm an agent, and the codes that explain what they do."""

from mdxdash.catalog.codes import CODES
from mdxdash.catalog.harmful import HARMFUL


def test_each_type_that_may_harm_is_named_by_a_code_and_each_named_one_is_checked():
    named = {type_ for code in CODES.values() if code.severity != "hint" for type_ in code.types}
    assert named == set(HARMFUL)
