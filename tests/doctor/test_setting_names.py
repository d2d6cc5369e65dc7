"""The names of the settings, as MMDAgent-EX spells them."""

from mdxdash.doctor import setting_names
from mdxdash.doctor.setting_names import CONNECTION_SETTINGS, FEW_RETRIES, MANY_RETRIES, TCP_MODES


def test_every_name_is_one_that_a_misspelt_one_is_compared_with() -> None:
    names = {
        value
        for name, value in vars(setting_names).items()
        if name.isupper() and isinstance(value, str) and name != "MANY_RETRIES"
    }
    assert names | set(TCP_MODES) == set(CONNECTION_SETTINGS)


def test_no_two_names_differ_only_in_letter_case() -> None:
    assert len({name.lower() for name in CONNECTION_SETTINGS}) == len(CONNECTION_SETTINGS)


def test_the_recommended_retries_are_not_few() -> None:
    assert int(MANY_RETRIES) > FEW_RETRIES
