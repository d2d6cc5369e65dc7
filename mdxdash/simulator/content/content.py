"""The life of an agent that plays a small content: a model, a clock, and a dialogue in Japanese."""

from datetime import datetime, timedelta

from mdxdash.simulator.content.agenda import Agenda
from mdxdash.simulator.content.models import Models
from mdxdash.simulator.content.phrases import EXCHANGES, answer
from mdxdash.simulator.content.plugins import Plugins
from mdxdash.simulator.content.variables import Variables
from mdxdash.simulator.content.voices import Voices
from mdxdash.simulator.life import Life, LogLine, Utterance
from mdxdash.wire.message import Message, parse_message

IDLE_AFTER = 15.0
"""Seconds without anything from the server after which the avatar is idle."""

CLOCK_PERIOD = 30.0
"""Seconds between two `CURRENT_TIME`."""

HEARTBEAT = 7
"""Seconds of the timer that the content keeps running."""

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
"""What is said first, and how many seconds after the start."""

IDLE_START = Message("AVATAR_EVENT_IDLE", "START")
IDLE_STOP = Message("AVATAR_EVENT_IDLE", "STOP")

_ROUNDING = 1e-6


class Content(Life):
    """A small content at work. `speed` 2 lives twice as fast; `wall` is the date and time at its
    start, for `CURRENT_TIME`.

    Its own clock, in which all is timed, counts lived seconds from the start.
    """

    def __init__(self, *, speed: float = 1.0, wall: datetime | None = None) -> None:
        if speed <= 0:
            raise ValueError(f"speed is {speed}; expected a number above 0")
        self._speed = speed
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
        self._ask(FIRST_QUESTION)

    def touch(self, now: float) -> None:
        self._last_input = self._lived(now)
        if self._idle:
            self._idle = False
            self._agenda.put(self._last_input, IDLE_STOP)
            self._await_idleness()

    def hear(self, message: Message, now: float) -> None:
        self._act(message, self._lived(now))

    def step(self, now: float) -> list[Utterance]:
        said: list[Utterance] = []
        while True:
            due = min(self._agenda.next_time(), self._lived(now) + _ROUNDING)
            utterance = self._agenda.take(due)
            if utterance is None:
                return said
            if self._is_too_early(utterance, due):
                self._await_idleness()
                continue
            said.append(utterance)
            if isinstance(utterance, Message):
                self._go_on(utterance, due)
                self._act(utterance, due)

    def next_time(self) -> float:
        return self._started + self._agenda.next_time() / self._speed

    def _lived(self, now: float) -> float:
        return (now - self._started) * self._speed

    def _go_on(self, said: Message, time: float) -> None:
        """What follows from something that the agent has said of its own accord."""
        if said.type == "CURRENT_TIME":
            self._agenda.put(time + CLOCK_PERIOD, self._current_time(time + CLOCK_PERIOD))
        elif said.type == "RECOG_EVENT_START":
            self._ask(time + BETWEEN_QUESTIONS)
        elif said == IDLE_START:
            self._idle = True

    def _act(self, message: Message, time: float) -> None:
        """What the parts and the script of the content make of a message inside the agent."""
        for part in self._parts:
            part.react(message, time)
        match (message.type, *message.arguments):
            case ("MODEL_EVENT_ADD", "0"):
                self._say(time, "MOTION_ADD|0|base|motions/wait.vmd|FULL|LOOP|ON|OFF")
            case ("TIMER_EVENT_STOP", "heart"):
                self._say(time, f"TIMER_START|heart|{HEARTBEAT}")
            case ("RECOG_EVENT_STOP", *_) if message.args:
                self._reply(message.args, time)
            case ("SYNTH_EVENT_STOP", "0"):
                self._say(time, "VALUE_SET|spoken|1")

    def _reply(self, heard: str, time: float) -> None:
        exchange = answer(heard)
        self._agenda.put(time, LogLine("VIManager", "Status", f"main: $1={heard}"))
        self._say(time, f"MOTION_ADD|0|action|motions/{exchange.motion}.vmd|PART|ONCE")
        self._say(time, f"SYNTH_START|0|mei_voice_normal|{exchange.reply}")

    def _ask(self, time: float) -> None:
        """Have somebody ask the next question; once they begin, the one after it is planned."""
        exchange = EXCHANGES[self._questions % len(EXCHANGES)]
        self._questions += 1
        self._say(time, "RECOG_EVENT_START")
        self._say(time + 0.4 + 0.12 * len(exchange.heard), f"RECOG_EVENT_STOP|{exchange.heard}")

    def _say(self, time: float, line: str) -> None:
        self._agenda.put(time, parse_message(line))

    def _current_time(self, time: float) -> Message:
        return Message("CURRENT_TIME", f"{self._wall + timedelta(seconds=time):%H|%M}")

    def _is_too_early(self, utterance: Utterance, time: float) -> bool:
        """Whether it says that the avatar is idle though something has come meanwhile."""
        return utterance == IDLE_START and self._last_input + IDLE_AFTER > time

    def _await_idleness(self) -> None:
        end = self._last_input + IDLE_AFTER
        self._agenda.put(end, IDLE_START)
