"""Whether a diagnosis can be mended."""

import pytest

from mdxdash.doctor.diagnosis import Diagnosis, Replacement


@pytest.mark.parametrize(
    ("diagnosis", "mendable"),
    [
        (Diagnosis("D1", "error", "Text."), False),
        (Diagnosis("D1", "error", "Text.", sets=(("a", "1"),)), True),
        (Diagnosis("D1", "error", "Text.", replacements=(Replacement(0, 3),)), True),
    ],
)
def test_what_names_a_change_is_mendable(diagnosis: Diagnosis, mendable: bool) -> None:
    assert diagnosis.mendable is mendable


def test_a_replacement_deletes_if_it_has_no_bytes() -> None:
    assert Replacement(0, 3).data == b""
