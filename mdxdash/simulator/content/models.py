"""Models on the stage: adding, moving and animating them."""

import math

from mdxdash.simulator.content.agenda import Agenda
from mdxdash.simulator.content.part import ContentPart

MODEL_LOADING = 0.03
"""Seconds from `MODEL_ADD` to its event."""

MODEL_LEAVING = 0.5
"""Seconds from `MODEL_DELETE` to its event."""

MOTION_ONCE = 1.86
"""Seconds of a motion that plays once."""

MAX_MODELS = 10


class Models(ContentPart):
    """The models on the stage, and their motions."""

    def __init__(self, agenda: Agenda) -> None:
        super().__init__(agenda)
        self.commands = {
            "MODEL_ADD": (self._add_model, 2),
            "MODEL_CHANGE": (self._change_model, 2),
            "MODEL_DELETE": (self._delete_model, 1),
            "MOTION_ADD": (self._add_motion, 3),
            "MOTION_CHANGE": (self._change_motion, 3),
            "MOTION_CONFIGURE": (self._configure_motion, 3),
            "MOTION_RESET": (self._reset_motion, 2),
            "MOTION_DELETE": (self._delete_motion, 2),
            "MOVE_START": (self._start_move, 2),
            "MOVE_STOP": (self._stop_move, 1),
            "TURN_START": (self._start_turn, 2),
            "TURN_STOP": (self._stop_turn, 1),
            "ROTATE_START": (self._start_rotate, 2),
            "ROTATE_STOP": (self._stop_rotate, 1),
        }
        self._models: set[str] = set()

    def _add_model(self, now: float, arguments: list[str]) -> None:
        alias = arguments[0]
        if alias in self._models:
            self._log(now, "Error", f'addModel: "{alias}": already exists')
        elif len(self._models) >= MAX_MODELS:
            self._log(now, "Error", f"addModel: no room for more than {MAX_MODELS} models")
        else:
            self._models.add(alias)
            self._issue(now + MODEL_LOADING, "MODEL_EVENT_ADD", alias)

    def _change_model(self, now: float, arguments: list[str]) -> None:
        if self._has_model(now, arguments[0]):
            self._issue(now + MODEL_LOADING, "MODEL_EVENT_CHANGE", arguments[0])

    def _delete_model(self, now: float, arguments: list[str]) -> None:
        alias = arguments[0]
        if self._has_model(now, alias):
            self._models.discard(alias)
            for name in self._agenda.names():
                if isinstance(name, tuple) and name[:2] == ("MOTION", alias):
                    self._agenda.drop(name)
            self._issue(now + MODEL_LEAVING, "MODEL_EVENT_DELETE", alias)

    def _has_model(self, now: float, alias: str) -> bool:
        if alias not in self._models:
            self._log(now, "Error", f'no model with alias "{alias}"')
        return alias in self._models

    def _add_motion(self, now: float, arguments: list[str]) -> None:
        model, motion = arguments[:2]
        if not self._has_model(now, model):
            return
        self._issue(now, "MOTION_EVENT_ADD", model, motion)
        once = len(arguments) < 5 or arguments[4] != "LOOP"
        end = now + MOTION_ONCE if once else math.inf
        self._issue(end, "MOTION_EVENT_DELETE", model, motion, name=("MOTION", model, motion))

    def _delete_motion(self, now: float, arguments: list[str]) -> None:
        model, motion = arguments[:2]
        if self._has_motion(now, model, motion):
            self._agenda.drop(("MOTION", model, motion))
            self._issue(now + 0.01, "MOTION_EVENT_DELETE", model, motion)

    def _change_motion(self, now: float, arguments: list[str]) -> None:
        self._confirm_motion(now, "MOTION_EVENT_CHANGE", arguments)

    def _configure_motion(self, now: float, arguments: list[str]) -> None:
        self._confirm_motion(now, "MOTION_EVENT_CONFIGURE", arguments)

    def _reset_motion(self, now: float, arguments: list[str]) -> None:
        self._confirm_motion(now, "MOTION_EVENT_RESET", arguments)

    def _confirm_motion(self, now: float, event: str, arguments: list[str]) -> None:
        model, motion = arguments[:2]
        if self._has_motion(now, model, motion):
            self._issue(now, event, model, motion)

    def _has_motion(self, now: float, model: str, motion: str) -> bool:
        running = ("MOTION", model, motion) in self._agenda
        if not running:
            self._log(now, "Error", f'no motion "{motion}" on model "{model}"')
        return running

    def _start_move(self, now: float, arguments: list[str]) -> None:
        self._start_for(now, "MOVE", arguments[0], 2.0)

    def _start_turn(self, now: float, arguments: list[str]) -> None:
        self._start_for(now, "TURN", arguments[0], 0.35)

    def _start_rotate(self, now: float, arguments: list[str]) -> None:
        self._start_for(now, "ROTATE", arguments[0], 0.3)

    def _start_for(self, now: float, kind: str, model: str, seconds: float) -> None:
        if self._has_model(now, model):
            self._issue(now, f"{kind}_EVENT_START", model)
            self._issue(now + seconds, f"{kind}_EVENT_STOP", model, name=(kind, model))

    def _stop_move(self, now: float, arguments: list[str]) -> None:
        self._end(now, "MOVE", arguments[0])

    def _stop_turn(self, now: float, arguments: list[str]) -> None:
        self._end(now, "TURN", arguments[0])

    def _stop_rotate(self, now: float, arguments: list[str]) -> None:
        self._end(now, "ROTATE", arguments[0])
