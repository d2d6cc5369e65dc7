"""A row of the table: what was measured, beside what, and whether it is enough."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One figure; `ratio` is measured against `limit` in the direction of `at_least`."""

    what: str
    measured: str
    reference: str
    value: float
    limit: float
    at_least: bool
    unit: str = "×"

    @property
    def reached(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        verdict = "yes" if self.reached else "NO"
        value = f"{self.value:.2f} {self.unit}"
        return (
            f"| {self.what} | {self.measured} | {self.reference} | {value} "
            f"| {sign} {self.limit:g} {self.unit} | {verdict} |"
        )


HEAD = "| what | measured | reference | value | must reach | reached |\n|---|---|---|---|---|---|"


def side_by_side(
    ours: Callable[[], float], reference: Callable[[], float], times: int
) -> tuple[float, float, float]:
    """Medians of both, and the median of the ratios of neighbours in time: a machine that is busy
    now and then is busy for both."""
    pairs = [(ours(), reference()) for _ in range(times)]
    ratios = [a / b for a, b in pairs]
    return (
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
        statistics.median(ratios),
    )
