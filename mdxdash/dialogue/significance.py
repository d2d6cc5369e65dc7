"""Whether a change of latencies is more than the noise: a permutation test for pairs.

If nothing had changed, each pair's difference could as well have the other sign. The test asks how
often differences with random signs add up to as much as was seen (Fisher's randomisation test).
"""

from collections.abc import Sequence
from itertools import product
from random import Random
from statistics import median
from typing import Final

LEVEL: Final = 0.01
"""A change that chance alone would bring less often than this is more than the noise."""

LEAST: Final = 0.030
"""Seconds of change below which nothing is said: the times of frames are grained to 30 ms."""

FAR: Final = 0.3
"""Seconds by which an answer must be later than the others to be named."""

FAR_DEVIATIONS: Final = 5
"""And standard deviations: few answers of one distribution are so far."""

_EXACT_MAX: Final = 12
"""Pairs up to which all signs are tried."""

_SAMPLES: Final = 10_000

_SAMPLED_PAIRS_MAX: Final = 500
"""Of more pairs so many are taken, evenly: the answer is then certain anyway."""


def chance(differences: Sequence[float]) -> float:
    """Returns how likely chance alone brings a mean as far from 0 as that of the differences, 0 to
    1; 1 without any. The same differences give the same result."""
    if len(differences) > _SAMPLED_PAIRS_MAX:
        step = len(differences) / _SAMPLED_PAIRS_MAX
        differences = [differences[int(at * step)] for at in range(_SAMPLED_PAIRS_MAX)]
    seen = abs(sum(differences))
    if not seen:
        return 1.0
    least = seen * (1 - 1e-9)  # sums in another order differ in their last digits
    if len(differences) <= _EXACT_MAX:
        sums = [
            abs(sum(sign * each for sign, each in zip(signs, differences, strict=True)))
            for signs in product((1, -1), repeat=len(differences))
        ]
        return sum(each >= least for each in sums) / len(sums)
    random = Random(0)
    count = len(differences)
    as_far = 1  # what was seen is one of the possible results itself
    for _ in range(_SAMPLES):
        bits = random.getrandbits(count)
        total = sum(each if bits >> at & 1 else -each for at, each in enumerate(differences))
        as_far += abs(total) >= least
    return as_far / (_SAMPLES + 1)


def stand_out(differences: Sequence[float]) -> list[bool]:
    """Returns for each difference, in seconds, whether it is far later than the others: by
    `FAR` and by `FAR_DEVIATIONS` of their usual distance from the median."""
    if not differences:
        return []
    middle = median(differences)
    usual = median(abs(each - middle) for each in differences)
    # For normally distributed values that times 1.4826 is the standard deviation.
    least = max(FAR, FAR_DEVIATIONS * 1.4826 * usual)
    return [each - middle > least for each in differences]


def is_more_than_noise(differences: Sequence[float]) -> bool:
    """Returns whether differences, in seconds, are a change: unlikely by chance, and in their mean
    at least `LEAST`."""
    if not differences:
        return False
    mean = sum(differences) / len(differences)
    return abs(mean) >= LEAST and chance(differences) < LEVEL
