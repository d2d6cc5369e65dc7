"""Variables and timers, as Plugin_Variables has them."""

import operator
from collections.abc import Callable

from mdxdash.simulator.content.agenda import Agenda
from mdxdash.simulator.content.part import ContentPart, to_number

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "EQ": operator.eq,
    "NE": operator.ne,
    "LE": operator.le,
    "LT": operator.lt,
    "GE": operator.ge,
    "GT": operator.gt,
}


class Variables(ContentPart):
    """The values of the variables, and the running timers."""

    def __init__(self, agenda: Agenda) -> None:
        super().__init__(agenda)
        self.commands = {
            "VALUE_SET": (self._set_value, 1),
            "VALUE_GET": (self._get_value, 1),
            "VALUE_UNSET": (self._unset_value, 1),
            "VALUE_EVAL": (self._evaluate, 3),
            "TIMER_START": (self._start_timer, 2),
            "TIMER_STOP": (self._stop_timer, 1),
            "TIMER_CANCEL": (self._cancel_timer, 1),
        }
        self._values: dict[str, str] = {}

    def _set_value(self, now: float, arguments: list[str]) -> None:
        self._values[arguments[0]] = "|".join(arguments[1:]) or "(null)"
        self._issue(now, "VALUE_EVENT_SET", arguments[0])

    def _get_value(self, now: float, arguments: list[str]) -> None:
        if self._has_value(now, "Warning", arguments[0]):
            self._issue(now, "VALUE_EVENT_GET", arguments[0], self._values[arguments[0]])

    def _unset_value(self, now: float, arguments: list[str]) -> None:
        if self._has_value(now, "Warning", arguments[0]):
            del self._values[arguments[0]]
            self._issue(now, "VALUE_EVENT_UNSET", arguments[0])

    def _evaluate(self, now: float, arguments: list[str]) -> None:
        alias, comparison, value = arguments[:3]
        compare = _COMPARISONS.get(comparison)
        if not self._has_value(now, "Error", alias):
            return
        if compare is None:
            self._log(now, "Error", f"evaluate: no operator {comparison}", "Variables")
            return
        truth = compare(to_number(self._values[alias]), to_number(value))
        self._issue(now, "VALUE_EVENT_EVAL", alias, comparison, value, str(truth).upper())

    def _has_value(self, now: float, level: str, alias: str) -> bool:
        if alias not in self._values:
            self._log(now, level, f'alias "{alias}" not exist', "Variables")
        return alias in self._values

    def _start_timer(self, now: float, arguments: list[str]) -> None:
        alias, seconds = arguments[0], to_number(arguments[1])
        if seconds <= 0:
            return
        if self._agenda.drop(("TIMER", alias)):
            self._issue(now, "TIMER_EVENT_CANCELLED", alias)
        self._issue(now, "TIMER_EVENT_START", alias)
        self._issue(now + seconds, "TIMER_EVENT_STOP", alias, name=("TIMER", alias))

    def _stop_timer(self, now: float, arguments: list[str]) -> None:
        if not self._end(now, "TIMER", arguments[0]):
            self._log(now, "Warning", f'unset: alias "{arguments[0]}" not exist', "Variables")

    def _cancel_timer(self, now: float, arguments: list[str]) -> None:
        self._agenda.drop(("TIMER", arguments[0]))
        self._issue(now, "TIMER_EVENT_CANCELLED", arguments[0])
