"""What the models of one agent say: speech from text or a file, and the moving mouth.

No event says whose text is spoken. It is that of the latest `SYNTH_START` of the model; when none
came since the last voice began, its text again. First in, first out would go wrong for good, since
a command with an unknown style gives no event at all.
"""

from typing import Final, Protocol

from mdxdash.dialogue.interval import Ending, LaneKind
from mdxdash.dialogue.slots import GONE_WITHIN, Slots
from mdxdash.dialogue.turn import Speech
from mdxdash.language.translation import N_

MODELS_MAX: Final = 200
"""Models of one agent whose speech is followed; the one that spoke least lately is forgotten."""

CUT_WITHIN: Final = 0.4
"""Seconds from a command that cuts speech off to its end: 30 to 60 ms were measured, and up to
0.37 s between the ends of voice and mouth."""

OVERDUE: Final = 3.0
"""Seconds after its predicted end when the end of a speech counts as missing. Real speech takes at
most 0.64 s longer than predicted."""

_LANES: Final[tuple[LaneKind, ...]] = ("speech", "file", "lips")


class Utterance:
    """A speech while it happens. Its fields are those of `Speech`, and the turn it belongs to."""

    __slots__ = (
        "cut",
        "decided",
        "end",
        "model",
        "mouth",
        "predicted",
        "seq",
        "style",
        "text",
        "turn",
        "uncertain",
        "voice",
    )

    def __init__(self, model: str, text: str, style: str, decided: float | None, seq: int) -> None:
        self.model = model
        self.text = text
        self.style = style
        self.decided = decided
        self.seq = seq
        self.voice: float | None = None
        self.mouth: float | None = None
        self.end: float | None = None
        self.cut = False
        self.uncertain = False
        self.predicted: float | None = None
        self.turn: object | None = None

    def frozen(self) -> Speech:
        """Returns it as it is now."""
        return Speech(
            self.model,
            self.text,
            self.style,
            self.decided,
            self.voice,
            self.mouth,
            self.end,
            self.cut,
            self.uncertain,
            self.predicted,
            self.seq,
        )


class SpeechListener(Protocol):
    """Who is told what is said. `time` is Unix time, `seq` the event's number."""

    def decided(self, speech: Utterance, time: float, seq: int) -> None: ...
    def changed(self, speech: Utterance, time: float, seq: int) -> None: ...


class _Model:
    """The speech of one model."""

    __slots__ = (
        "cut_at",
        "cut_by",
        "deleted_at",
        "file",
        "lips_predicted",
        "lips_seq",
        "lips_stopped_at",
        "speaking",
        "spoken_file",
        "voices",
        "waiting",
        "waiting_count",
    )

    def __init__(self) -> None:
        self.waiting: Utterance | None = None
        """The latest one that was decided, also when its voice has begun."""
        self.waiting_count = 0
        """How many were decided since a voice began."""
        self.voices = 0
        """Voices that began less those that ended: with two engines the new one begins first."""
        self.speaking: Utterance | None = None
        self.file: Utterance | None = None
        """The latest file that is to be played."""
        self.spoken_file: Utterance | None = None
        self.cut_at = self.lips_stopped_at = self.deleted_at = float("-inf")
        self.cut_by: Ending = ""
        self.lips_predicted: float | None = None
        self.lips_seq = 0


class ModelSpeech:
    """Follows the speech of all models of one agent."""

    def __init__(self, slots: Slots, listener: SpeechListener) -> None:
        self._slots = slots
        self._listener = listener
        self._models: dict[str, _Model] = {}

    def __len__(self) -> int:
        return len(self._models)

    def sounding(self) -> list[Utterance]:
        """Returns what is spoken now."""
        return [
            speech
            for model in self._models.values()
            for speech in (model.speaking, model.spoken_file)
            if speech is not None
        ]

    # Speech from text

    def synth_start(self, time: float, seq: int, args: list[str]) -> None:
        alias, style, text = args[0], args[1], "|".join(args[2:])
        model = self._model(alias)
        if model.voices:
            model.cut_at, model.cut_by = time, "replaced"
        model.waiting = Utterance(alias, text, style, time, seq)
        model.waiting_count += 1
        self._listener.decided(model.waiting, time, seq)

    def synth_stop(self, time: float, seq: int, args: list[str]) -> None:
        if model := self._models.get(args[0]):
            model.cut_at, model.cut_by = time, "stopped"

    def voice_begins(self, time: float, seq: int, args: list[str]) -> None:
        alias = args[0]
        model = self._model(alias)
        self._mend(alias, model, time, seq)
        if model.speaking is not None:
            self._voice_ended(model, model.speaking, time, seq, cut=True)
        speech = self._whose(alias, model, seq)
        speech.voice = time
        model.voices += 1
        model.speaking = speech
        self._slots.begin(
            "speech",
            alias,
            time=time,
            seq=seq,
            command=speech.seq if speech.decided is not None else 0,
            text=speech.text,
            detail=speech.style,
            uncertain=speech.uncertain,
        )
        self._listener.changed(speech, time, seq)

    def voice_ends(self, time: float, seq: int, args: list[str]) -> None:
        model = self._models.get(args[0])
        if model is None or not model.voices:
            return
        model.voices -= 1
        if model.voices or model.speaking is None:
            return
        ending: Ending = model.cut_by if time - model.cut_at <= CUT_WITHIN else ""
        self._slots.end("speech", args[0], time=time, seq=seq, ending=ending)
        self._voice_ended(model, model.speaking, time, seq, cut=bool(ending))

    def _whose(self, alias: str, model: _Model, seq: int) -> Utterance:
        """Returns the speech whose voice begins now."""
        latest = model.waiting
        if latest is not None and model.waiting_count:
            latest.uncertain = model.waiting_count > 1
            model.waiting_count = 0
            return latest
        if latest is None:
            unknown = Utterance(alias, "", "", None, seq)
            unknown.uncertain = True
            return unknown
        again = Utterance(alias, latest.text, latest.style, None, seq)
        again.uncertain = latest.uncertain
        return again

    def _voice_ended(
        self, model: _Model, speech: Utterance, time: float, seq: int, *, cut: bool
    ) -> None:
        speech.end = time
        speech.cut = cut
        model.speaking = None
        model.cut_at = float("-inf")
        self._listener.changed(speech, time, seq)

    def _mend(self, alias: str, model: _Model, time: float, seq: int) -> None:
        """Ends a speech whose end is missing, so that the count of voices is right again."""
        speech = model.speaking
        if speech is None or speech.voice is None or speech.predicted is None:
            return
        expected = speech.voice + speech.predicted
        if time > expected + OVERDUE:
            self._slots.end("speech", alias, time=expected, seq=seq, ending=N_("no end seen"))
            self._voice_ended(model, speech, expected, seq, cut=False)
            model.voices = 0

    # The mouth

    def lips_predicted(self, time: float, seq: int, args: list[str], *, whole: bool) -> None:
        """`whole` is false for a line that was cut, which gives no sum."""
        model = self._model(args[0])
        predicted = _milliseconds(args[1]) if whole and len(args) > 1 else None
        model.lips_predicted, model.lips_seq = predicted, seq
        speech = model.speaking
        if speech is None or speech.predicted is not None or predicted is None:
            return
        speech.predicted = predicted
        interval = self._slots.current("speech", args[0])
        if interval is not None:
            self._slots.update(interval, seq, predicted=predicted)
        self._listener.changed(speech, time, seq)

    def lips_stop(self, time: float, seq: int, args: list[str]) -> None:
        if model := self._models.get(args[0]):
            model.lips_stopped_at = time

    def mouth_begins(self, time: float, seq: int, args: list[str]) -> None:
        model = self._model(args[0])
        self._slots.begin(
            "lips",
            args[0],
            time=time,
            seq=seq,
            command=model.lips_seq,
            predicted=model.lips_predicted,
        )
        model.lips_predicted, model.lips_seq = None, 0
        speech = model.speaking
        if speech is not None and speech.mouth is None:
            speech.mouth = time
            self._listener.changed(speech, time, seq)

    def mouth_ends(self, time: float, seq: int, args: list[str]) -> None:
        ending: Ending = ""
        if model := self._models.get(args[0]):
            if time - model.deleted_at <= GONE_WITHIN:
                ending = "deleted"
            elif time - model.lips_stopped_at <= CUT_WITHIN:
                ending = "stopped"
            model.lips_stopped_at = float("-inf")
        self._slots.end("lips", args[0], time=time, seq=seq, ending=ending)

    def model_delete(self, time: float, alias: str) -> None:
        """A model is to be removed: its mouth stops, its voice goes on."""
        if model := self._models.get(alias):
            model.deleted_at = time

    # Speech from a file

    def speak_start(self, time: float, seq: int, args: list[str]) -> None:
        model = self._model(args[0])
        model.file = Utterance(args[0], "|".join(args[1:]), "", time, seq)
        self._listener.decided(model.file, time, seq)

    def speak_stop(self, time: float, seq: int, args: list[str]) -> None:
        if (model := self._models.get(args[0])) and model.spoken_file:
            model.cut_at, model.cut_by = time, "stopped"

    def file_begins(self, time: float, seq: int, args: list[str]) -> None:
        model = self._model(args[0])
        if model.spoken_file is not None:
            model.spoken_file.end = time
            self._listener.changed(model.spoken_file, time, seq)
        speech = model.file or Utterance(args[0], "", "", None, seq)
        model.file = None
        speech.voice = time
        model.spoken_file = speech
        command = speech.seq if speech.decided is not None else 0
        self._slots.begin("file", args[0], time=time, seq=seq, command=command, text=speech.text)
        self._listener.changed(speech, time, seq)

    def file_ends(self, time: float, seq: int, args: list[str]) -> None:
        model = self._models.get(args[0])
        if model is None or model.spoken_file is None:
            return  # SPEAK_STOP of an idle model gives this event too
        speech, model.spoken_file = model.spoken_file, None
        ending: Ending = "stopped" if time - model.cut_at <= CUT_WITHIN else ""
        model.cut_at = float("-inf")
        speech.end, speech.cut = time, bool(ending)
        self._slots.end("file", args[0], time=time, seq=seq, ending=ending)
        self._listener.changed(speech, time, seq)

    # Speech that is sent as sound: the agent tells nothing of it, the sender keeps the clock

    def sound_begins(self, time: float, seq: int, alias: str, text: str) -> None:
        """The first block of sound for a model was sent: that is the decision, and the voice begins
        a frame or two later."""
        model = self._model(alias)
        model.file = Utterance(alias, text, "", time, seq)
        self._listener.decided(model.file, time, seq)
        self.file_begins(time, seq, [alias])

    def sound_ends(self, time: float, seq: int, alias: str, *, stopped: bool) -> None:
        """A model has spoken the sound, as computed, or was stopped."""
        if stopped and (model := self._models.get(alias)):
            model.cut_at, model.cut_by = time, "stopped"
        self.file_ends(time, seq, [alias])

    # The end of it all

    def forget(self, time: float, seq: int) -> None:
        """Ends what is spoken: the agent was lost."""
        for alias in list(self._models):
            self._drop(alias, time, seq)

    def _drop(self, alias: str, time: float, seq: int) -> None:
        model = self._models.pop(alias)
        for speech in (model.speaking, model.spoken_file):
            if speech is not None:
                speech.end = time
                self._listener.changed(speech, time, seq)

    def _model(self, alias: str) -> _Model:
        model = self._models.pop(alias, None)
        if model is None:
            if len(self._models) >= MODELS_MAX:
                oldest = next(iter(self._models))
                speech = self._models[oldest].speaking
                began = speech.voice if speech is not None else None
                self._drop(oldest, began or 0.0, 0)
                for kind in _LANES:
                    if interval := self._slots.current(kind, oldest):
                        begin = interval.begin
                        self._slots.end(kind, oldest, time=begin, seq=0, ending=N_("no end seen"))
            model = _Model()
        self._models[alias] = model  # the last one is the one used latest
        return model


def _milliseconds(phonemes: str) -> float | None:
    """Returns the sum of `k,90,o,105`, in seconds; None if it has another form."""
    try:
        total = sum(map(int, phonemes.split(",")[1::2]))
    except ValueError:
        return None
    return total / 1000 if total > 0 else None
