"""When a change is more than the noise."""

from random import Random

import pytest

from mdxdash.dialogue.significance import chance, is_more_than_noise


def test_all_signs_are_tried_for_few_pairs() -> None:
    # Of 16 ways to choose the signs, two add up to as much: all plus, and all minus.
    assert chance([0.1, 0.1, 0.1, 0.1]) == 2 / 16


def test_many_pairs_are_sampled_with_the_same_result_each_time() -> None:
    differences = [0.05 + 0.001 * number for number in range(40)]
    assert chance(differences) == chance(differences) < 0.001


def test_samples_agree_with_trying_all() -> None:
    random = Random(1)
    differences = [random.gauss(0.01, 0.03) for _ in range(12)]
    doubled = chance([*differences, 0.0])  # a pair without a difference changes nothing
    assert doubled == pytest.approx(chance(differences), abs=0.02)


@pytest.mark.parametrize(
    ("differences", "expected"),
    [
        ([], False),
        ([0.0] * 20, False),
        ([0.3] * 20, True),
        ([-0.3] * 20, True),
        ([0.02] * 20, False),
        ([20.0, *[0.0] * 19], False),
        ([0.3] * 4, False),
    ],
)
def test_a_change_is_unlikely_by_chance_and_large_enough(
    differences: list[float], expected: bool
) -> None:
    assert is_more_than_noise(differences) is expected


def test_very_many_pairs_take_no_longer() -> None:
    assert is_more_than_noise([0.1] * 100_000)
