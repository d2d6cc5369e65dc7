"""The behavior of an agent with a small content: a model, a clock, a dialogue in Japanese."""

from datetime import datetime, timedelta

from mdxdash.simulator.behavior import Behavior, LogLine, Output
from mdxdash.simulator.content.agenda import Agenda
from mdxdash.simulator.content.models import Models
from mdxdash.simulator.content.phrases import EXCHANGES, exchange_for
from mdxdash.simulator.content.plugins import Plugins
from mdxdash.simulator.content.variables import Variables
from mdxdash.simulator.content.voices import Voices
from mdxdash.wire.message import Message, parse_message

IDLE_AFTER = 15.0
"""Seconds without anything from the server after which the avatar is idle."""

CLOCK_PERIOD = 30.0
"""Seconds between two `CURRENT_TIME`."""

HEARTBEAT = 7
"""Seconds of the timer that the content restarts each time."""

FIRST_QUESTION = 3.0
"""Seconds from the start to the first question."""

BETWEEN_QUESTIONS = 9.0
"""Seconds from one question to the next."""

STARTUP: tuple[tuple[float, str], ...] = (
    (0.00, "PLUGIN_EVENT_ENABLE|Variables"),
    (0.00, "PLUGIN_EVENT_ENABLE|TextArea"),
    (0.00, "PLUGIN_EVENT_ENABLE|VIManager"),
    (0.00, "STAGE|images/floor.png,images/back.png"),
    (0.01, "MODEL_ADD|0|models/mei/mei.pmd|0,0,0|0,0,0|ON"),
    (0.03, "PLUGIN_EVENT_ENABLE|Audio"),
    (0.03, "PLUGIN_EVENT_ENABLE|Julius"),
    (0.03, "PLUGIN_EVENT_ENABLE|Open_JTalk"),
    (0.05, "VALUE_SET|boot|1"),
    (0.05, f"TIMER_START|heart|{HEARTBEAT}"),
    (0.10, "PLUGIN_EVENT_ENABLE|Remote"),
)
"""The first messages, with their seconds after the start."""

IDLE_START = Message("AVATAR_EVENT_IDLE", "START")
IDLE_STOP = Message("AVATAR_EVENT_IDLE", "STOP")

_ROUNDING = 1e-6


class Content(Behavior):
    """A small content. `speed` 2 runs it twice as fast; `wall` is the date and time of its start,
    for `CURRENT_TIME`. Without `user` nobody speaks to it, without `answers` it leaves answering
    to others, and it answers `delay` seconds after it has heard something.

    All its times are seconds of its own clock since the start, at its own speed.

    Raises:
        ValueError: `speed` is not above 0.
    """

    def __init__(
        self,
        *,
        speed: float = 1.0,
        wall: datetime | None = None,
        user: bool = True,
        answers: bool = True,
        delay: float = 0.0,
    ) -> None:
        if speed <= 0:
            raise ValueError(f"speed is {speed}; expected a number above 0")
        self._speed = speed
        self._user, self._answers, self._delay = user, answers, delay
        self._wall = wall or datetime.now()
        self._agenda = Agenda()
        kinds = (Models, Voices, Variables, Plugins)
        self._parts = [kind(self._agenda) for kind in kinds]
        self._started = 0.0
        self._last_input = 0.0
        self._idle = False
        self._questions = 0

    def start(self, now: float) -> None:
        self._started = now
        for time, line in STARTUP:
            self._agenda.put(time, parse_message(line))
        self._agenda.put(0.12, self._current_time(0.12))
        self._agenda.put(IDLE_AFTER, IDLE_START)
        if self._user:
            self._ask(FIRST_QUESTION)

    def on_input(self, now: float) -> None:
        self._last_input = self._own_time(now)
        if self._idle:
            self._idle = False
            self._agenda.put(self._last_input, IDLE_STOP)
            self._plan_idle()

    def on_message(self, message: Message, now: float) -> None:
        self._act(message, self._own_time(now))

    def step(self, now: float) -> list[Output]:
        outputs: list[Output] = []
        while True:
            due = min(self._agenda.next_time(), self._own_time(now) + _ROUNDING)
            output = self._agenda.take(due)
            if output is None:
                return outputs
            if self._is_too_early(output, due):
                self._plan_idle()
                continue
            outputs.append(output)
            if isinstance(output, Message):
                self._plan_next(output, due)
                self._act(output, due)

    def next_time(self) -> float:
        return self._started + self._agenda.next_time() / self._speed

    def _own_time(self, now: float) -> float:
        return (now - self._started) * self._speed

    def _plan_next(self, message: Message, time: float) -> None:
        """Plan what follows a message that the agent has sent by itself."""
        if message.type == "CURRENT_TIME":
            self._agenda.put(time + CLOCK_PERIOD, self._current_time(time + CLOCK_PERIOD))
        elif message.type == "RECOG_EVENT_START" and self._user:
            self._ask(time + BETWEEN_QUESTIONS)
        elif message == IDLE_START:
            self._idle = True

    def _act(self, message: Message, time: float) -> None:
        """Let the parts and the script of the content react to a message inside the agent."""
        for part in self._parts:
            part.react(message, time)
        match (message.type, *message.arguments):
            case ("MODEL_EVENT_ADD", "0"):
                self._issue(time, "MOTION_ADD|0|base|motions/wait.vmd|FULL|LOOP|ON|OFF")
            case ("TIMER_EVENT_STOP", "heart"):
                self._issue(time, f"TIMER_START|heart|{HEARTBEAT}")
            case ("RECOG_EVENT_STOP", *_) if message.args and self._answers:
                self._reply(message.args, time + self._delay)
            case ("SYNTH_EVENT_STOP", "0"):
                self._issue(time, "VALUE_SET|spoken|1")

    def _reply(self, text: str, time: float) -> None:
        exchange = exchange_for(text)
        self._agenda.put(time, LogLine("VIManager", "Status", f"main: $1={text}"))
        self._issue(time, f"MOTION_ADD|0|action|motions/{exchange.motion}.vmd|PART|ONCE")
        self._issue(time, f"SYNTH_START|0|mei_voice_normal|{exchange.reply}")

    def _ask(self, time: float) -> None:
        """Plan the next question of a user. When it begins, the one after it is planned."""
        exchange = EXCHANGES[self._questions % len(EXCHANGES)]
        self._questions += 1
        self._issue(time, "RECOG_EVENT_START")
        self._issue(
            time + 0.4 + 0.12 * len(exchange.question), f"RECOG_EVENT_STOP|{exchange.question}"
        )

    def _issue(self, time: float, line: str) -> None:
        self._agenda.put(time, parse_message(line))

    def _current_time(self, time: float) -> Message:
        return Message("CURRENT_TIME", f"{self._wall + timedelta(seconds=time):%H|%M}")

    def _is_too_early(self, output: Output, time: float) -> bool:
        """Return whether it reports an idle avatar although something has come meanwhile."""
        return output == IDLE_START and self._last_input + IDLE_AFTER > time

    def _plan_idle(self) -> None:
        end = self._last_input + IDLE_AFTER
        self._agenda.put(end, IDLE_START)
