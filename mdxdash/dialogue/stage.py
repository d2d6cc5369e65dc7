"""What else of one agent takes time: models, motions, timers, sounds, prompts."""

from mdxdash.dialogue.interval import Ending, LaneKind
from mdxdash.dialogue.slots import GONE_WITHIN, LANES_MAX, Slots

_Key = tuple[LaneKind, str, str]


class _Command:
    """The latest command for a lane that begins something, or ends it."""

    __slots__ = ("detail", "duration", "ending", "seq", "text", "time")

    def __init__(self, time: float, seq: int) -> None:
        self.time = time
        self.seq = seq
        self.text = ""
        self.detail = ""
        self.duration: float | None = None
        self.ending: Ending = ""


class StageLanes:
    """Follows them all by their events, with what the commands say of them."""

    def __init__(self, slots: Slots) -> None:
        self._slots = slots
        self._begin: dict[_Key, _Command] = {}
        self._end: dict[_Key, _Command] = {}

    def __len__(self) -> int:
        return len(self._begin) + len(self._end)

    # Motions

    def motion_add(self, time: float, seq: int, args: list[str]) -> None:
        command = _Command(time, seq)
        command.text = args[2]
        command.detail = " ".join(word for word in args[3:5] if word)
        self._keep(self._begin, ("motion", args[0], args[1]), command)

    def motion_change(self, time: float, seq: int, args: list[str]) -> None:
        command = _Command(time, seq)
        command.text = args[2]
        self._keep(self._begin, ("motion", args[0], args[1]), command)

    def motion_delete(self, time: float, seq: int, args: list[str]) -> None:
        self._note_end(("motion", args[0], args[1]), time, seq, "deleted")

    def motion_begins(self, time: float, seq: int, args: list[str]) -> None:
        """Also for a changed one: the bar is split, and FULL or PART, ONCE or LOOP stay those of
        the first."""
        key: _Key = ("motion", args[0], args[1])
        running = self._slots.current(*key)
        self._end.pop(key, None)  # a deletion in the same frame is cancelled
        command = self._begin.pop(key, None)
        detail = running.detail if running else command.detail if command else ""
        self._begin_now(key, time, seq, command, detail)

    def motion_ends(self, time: float, seq: int, args: list[str]) -> None:
        key: _Key = ("motion", args[0], args[1])
        gone = self._ending(("model", args[0], ""), time, keep=True)
        self._slots.end(*key, time=time, seq=seq, ending=self._ending(key, time) or gone)

    # Models

    def model_add(self, time: float, seq: int, args: list[str]) -> None:
        command = _Command(time, seq)
        command.text = args[1]
        self._keep(self._begin, ("model", args[0], ""), command)

    def model_delete(self, time: float, seq: int, args: list[str]) -> None:
        self._note_end(("model", args[0], ""), time, seq, "deleted")

    def model_begins(self, time: float, seq: int, args: list[str]) -> None:
        """Also for a changed one, whose speech and motions go on."""
        key: _Key = ("model", args[0], "")
        self._begin_now(key, time, seq, self._begin.pop(key, None), "")

    def model_ends(self, time: float, seq: int, args: list[str]) -> None:
        key: _Key = ("model", args[0], "")
        self._slots.end_motions(args[0], time=time, seq=seq)
        self._slots.end(*key, time=time, seq=seq, ending=self._ending(key, time))

    # Timers

    def timer_start(self, time: float, seq: int, args: list[str]) -> None:
        command = _Command(time, seq)
        command.duration = _seconds(args[1])
        self._keep(self._begin, ("timer", "", args[0]), command)

    def timer_stop(self, time: float, seq: int, args: list[str]) -> None:
        """Running out and being stopped look alike, unless this command was seen."""
        self._note_end(("timer", "", args[0]), time, seq, "stopped")

    def timer_begins(self, time: float, seq: int, args: list[str]) -> None:
        key: _Key = ("timer", "", args[0])
        self._begin_now(key, time, seq, self._begin.pop(key, None), "")

    def timer_ends(self, time: float, seq: int, args: list[str]) -> None:
        key: _Key = ("timer", "", args[0])
        self._slots.end(*key, time=time, seq=seq, ending=self._ending(key, time))

    def timer_cancelled(self, time: float, seq: int, args: list[str]) -> None:
        self._slots.end("timer", "", args[0], time=time, seq=seq, ending="cancelled")

    # Sounds

    def sound_start(self, time: float, seq: int, args: list[str]) -> None:
        command = _Command(time, seq)
        command.text = args[1]
        key: _Key = ("sound", "", args[0])
        if self._slots.current(*key):
            self._note_end(key, time, seq, "replaced")
        self._keep(self._begin, key, command)

    def sound_stop(self, time: float, seq: int, args: list[str]) -> None:
        self._note_end(("sound", "", args[0]), time, seq, "stopped")

    def sound_begins(self, time: float, seq: int, args: list[str]) -> None:
        key: _Key = ("sound", "", args[0])
        self._begin_now(key, time, seq, self._begin.pop(key, None), "")

    def sound_ends(self, time: float, seq: int, args: list[str]) -> None:
        key: _Key = ("sound", "", args[0])
        self._slots.end(*key, time=time, seq=seq, ending=self._ending(key, time))

    # Prompts, which have no key and no event when they appear

    def prompt_shown(self, time: float, seq: int, args: list[str]) -> None:
        self._slots.begin("prompt", time=time, seq=seq, text=args[0], detail="|".join(args[1:]))

    def prompt_selected(self, time: float, seq: int, args: list[str]) -> None:
        shown = self._slots.current("prompt")
        if shown is None:
            return
        choices = shown.detail.split("|")
        chosen = int(args[0]) if args[0].isdecimal() and len(args[0]) < 4 else len(choices)
        text = f"{shown.text}: {choices[chosen]}" if chosen < len(choices) else None
        self._slots.end("prompt", time=time, seq=seq, text=text)

    def forget(self) -> None:
        """The agent was lost: no command counts any more."""
        self._begin.clear()
        self._end.clear()

    def _begin_now(
        self, key: _Key, time: float, seq: int, command: _Command | None, detail: str
    ) -> None:
        running = self._slots.current(*key)
        text = command.text if command else running.text if running else ""
        self._slots.begin(
            *key,
            time=time,
            seq=seq,
            command=command.seq if command else 0,
            text=text,
            detail=detail,
            predicted=command.duration if command else None,
        )

    def _note_end(self, key: _Key, time: float, seq: int, ending: Ending) -> None:
        if self._slots.current(*key):
            command = _Command(time, seq)
            command.ending = ending
            self._keep(self._end, key, command)

    def _ending(self, key: _Key, time: float, *, keep: bool = False) -> Ending:
        command = self._end.get(key) if keep else self._end.pop(key, None)
        return command.ending if command and time - command.time <= GONE_WITHIN else ""

    def _keep(self, commands: dict[_Key, _Command], key: _Key, command: _Command) -> None:
        commands.pop(key, None)
        if len(commands) >= LANES_MAX:
            del commands[next(iter(commands))]
        commands[key] = command


def _seconds(text: str) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if 0 <= seconds < 1e9 else None
