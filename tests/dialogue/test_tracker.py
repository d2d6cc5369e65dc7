"""The rules by which messages become intervals, each as it was measured on the real program."""

import sys
from types import FrameType

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdxdash.dialogue.interval import Interval
from mdxdash.dialogue.slots import EVENTS_MAX, LANES_MAX
from mdxdash.dialogue.tracker import AGENTS_MAX, Dialogue
from mdxdash.dialogue.turn import Turn
from mdxdash.events.event import Event
from mdxdash.events.own_activity import speech_begins
from tests.support.dialogues import BEGIN, Followed, follow, recorded_events, script
from tests.support.recorded import RECORDINGS

RULES: dict[str, tuple[list[str], dict[str, list[tuple[float, float | None, str]]]]] = {
    "the user speaks": (
        ["1 RECOG_EVENT_START", "2 RECOG_EVENT_STOP|hello"],
        {"user": [(1, 2, "")]},
    ),
    "a start of the user without a stop ends at the next start, not recognised": (
        ["1 RECOG_EVENT_START", "3 RECOG_EVENT_START", "4 RECOG_EVENT_STOP|hello"],
        {"user": [(1, 3, "not recognised"), (3, 4, "")]},
    ),
    "a stop of the user without a start is a point": (
        ["1 RECOG_EVENT_STOP|hello"],
        {"user": [(1, 1, "")]},
    ),
    "settings of the recogniser are no speech": (
        ["1 RECOG_MODIFY|GAIN|2", "1 RECOG_EVENT_MODIFY|GAIN"],
        {"user": []},
    ),
    "voice and mouth end in either order": (
        [
            "0 SYNTH_START|m|s|text",
            "0.1 SYNTH_EVENT_START|m",
            "0.2 LIPSYNC_START|m|a,400,b,600",
            "0.2 LIPSYNC_EVENT_START|m",
            "1.2 LIPSYNC_EVENT_STOP|m",
            "1.4 SYNTH_EVENT_STOP|m",
        ],
        {"m speech": [(0.1, 1.4, "")], "m lips": [(0.2, 1.2, "")]},
    ),
    "a new SYNTH_START while the model speaks cuts the first off": (
        [
            "0 SYNTH_START|m|s|one",
            "0 SYNTH_EVENT_START|m",
            "0 LIPSYNC_START|m|a,5000",
            "0 LIPSYNC_EVENT_START|m",
            "2 SYNTH_START|m|s|two",
            "2.03 LIPSYNC_STOP|m",
            "2.03 SYNTH_EVENT_STOP|m",
            "2.03 SYNTH_EVENT_START|m",
            "2.03 LIPSYNC_EVENT_STOP|m",
            "2.03 LIPSYNC_EVENT_START|m",
            "3 SYNTH_EVENT_STOP|m",
            "3 LIPSYNC_EVENT_STOP|m",
        ],
        {
            "m speech": [(0, 2.03, "replaced"), (2.03, 3, "")],
            "m lips": [(0, 2.03, "stopped"), (2.03, 3, "")],
        },
    ),
    "with two engines the new start comes before the old stop": (
        [
            "0 SYNTH_START|m|a|one",
            "0 SYNTH_EVENT_START|m",
            "2 SYNTH_START|m|b|two",
            "2.1 SYNTH_EVENT_START|m",
            "2.2 SYNTH_EVENT_STOP|m",
            "4 SYNTH_EVENT_STOP|m",
        ],
        {"m speech": [(0, 2.1, "replaced"), (2.1, 4, "")]},
    ),
    "SYNTH_STOP cuts voice and mouth off": (
        [
            "0 SYNTH_START|m|s|one",
            "0 SYNTH_EVENT_START|m",
            "0 LIPSYNC_EVENT_START|m",
            "1 SYNTH_STOP|m",
            "1 LIPSYNC_STOP|m",
            "1 LIPSYNC_STOP|m",
            "1.03 LIPSYNC_EVENT_STOP|m",
            "1.06 SYNTH_EVENT_STOP|m",
        ],
        {"m speech": [(0, 1.06, "stopped")], "m lips": [(0, 1.03, "stopped")]},
    ),
    "SYNTH_STOP of an idle model gives only LIPSYNC_STOP": (
        ["1 SYNTH_STOP|m", "1 LIPSYNC_STOP|m", "1 LIPSYNC_STOP|m"],
        {"m speech": [], "m lips": []},
    ),
    "a command for an unknown style while the model speaks cuts nothing off": (
        [
            "0 SYNTH_START|m|s|one",
            "0 SYNTH_EVENT_START|m",
            "1 SYNTH_START|m|unknown|two",
            "3 SYNTH_EVENT_STOP|m",
        ],
        {"m speech": [(0, 3, "")]},
    ),
    "an unknown model speaks without a mouth": (
        ["0 SYNTH_START|ghost|s|one", "0 SYNTH_EVENT_START|ghost", "1 SYNTH_EVENT_STOP|ghost"],
        {"ghost speech": [(0, 1, "")], "ghost lips": []},
    ),
    "a text of a full stop takes no time": (
        ["0 SYNTH_START|m|s|。", "0 SYNTH_EVENT_START|m", "0 SYNTH_EVENT_STOP|m"],
        {"m speech": [(0, 0, "")]},
    ),
    "a voice outlives its model, its mouth does not": (
        [
            "0 MODEL_EVENT_ADD|m",
            "0 SYNTH_START|m|s|one",
            "0 SYNTH_EVENT_START|m",
            "0 LIPSYNC_EVENT_START|m",
            "1 MODEL_DELETE|m",
            "1.5 LIPSYNC_EVENT_STOP|m",
            "1.5 MODEL_EVENT_DELETE|m",
            "4 SYNTH_EVENT_STOP|m",
        ],
        {
            "m speech": [(0, 4, "")],
            "m lips": [(0, 1.5, "deleted")],
            "m model": [(0, 1.5, "deleted")],
        },
    ),
    "speech from a file has no mouth": (
        [
            "0 SPEAK_START|m|a.wav",
            "0.1 SPEAK_EVENT_START|m",
            "0.1 SOUND_START|__speak__m|a.wav",
            "0.2 SOUND_EVENT_START|__speak__m",
            "1 SPEAK_EVENT_STOP|m",
            "1.2 SOUND_EVENT_STOP|__speak__m",
        ],
        {"m file": [(0.1, 1, "")], "sound __speak__m": [(0.2, 1.2, "")], "m speech": []},
    ),
    "SPEAK_STOP cuts speech from a file off": (
        ["0 SPEAK_EVENT_START|m", "1 SPEAK_STOP|m", "1.1 SPEAK_EVENT_STOP|m"],
        {"m file": [(0, 1.1, "stopped")]},
    ),
    "SPEAK_STOP of an idle model gives an event that ends nothing": (
        ["1 SPEAK_STOP|m", "1 SPEAK_EVENT_STOP|m"],
        {"m file": []},
    ),
    "a motion is played once": (
        ["0 MOTION_ADD|m|x|a.vmd|PART|ONCE", "0 MOTION_EVENT_ADD|m|x", "1 MOTION_EVENT_DELETE|m|x"],
        {"m x": [(0, 1, "")]},
    ),
    "a motion is deleted": (
        ["0 MOTION_EVENT_ADD|m|x", "1 MOTION_DELETE|m|x", "1.03 MOTION_EVENT_DELETE|m|x"],
        {"m x": [(0, 1.03, "deleted")]},
    ),
    "an ADD of a running motion splits its bar": (
        ["0 MOTION_EVENT_ADD|m|x", "1 MOTION_EVENT_ADD|m|x", "2 MOTION_EVENT_DELETE|m|x"],
        {"m x": [(0, 1, "replaced"), (1, 2, "")]},
    ),
    "MOTION_CHANGE splits the bar": (
        ["0 MOTION_EVENT_ADD|m|x", "1 MOTION_CHANGE|m|x|b.vmd", "1 MOTION_EVENT_CHANGE|m|x"],
        {"m x": [(0, 1, "replaced"), (1, None, "")]},
    ),
    "a DELETE and an ADD in one frame: the deletion is cancelled": (
        [
            "0 MOTION_EVENT_ADD|m|x",
            "1 MOTION_DELETE|m|x",
            "1 MOTION_ADD|m|x|b.vmd|PART|ONCE",
            "1 MOTION_EVENT_ADD|m|x",
            "1.8 MOTION_EVENT_DELETE|m|x",
        ],
        {"m x": [(0, 1, "replaced"), (1, 1.8, "")]},
    ),
    "MOTION_RESET: the bar goes on": (
        ["0 MOTION_EVENT_ADD|m|x", "1 MOTION_RESET|m|x", "1 MOTION_EVENT_RESET|m|x"],
        {"m x": [(0, None, "")]},
    ),
    "a missing file, a missing model, an empty alias: nothing": (
        [
            "0 MOTION_ADD|m|x|none.vmd",
            "0 MOTION_ADD|ghost|x|a.vmd",
            "0 MOTION_ADD|m||a.vmd|PART|ONCE",
        ],
        {"m x": [], "ghost x": [], "m a.vmd": []},
    ),
    "the motions of a model that is deleted end with it": (
        [
            "0 MODEL_EVENT_ADD|m",
            "0 MOTION_EVENT_ADD|m|x",
            "1 MODEL_DELETE|m",
            "1.5 MOTION_EVENT_DELETE|m|x",
            "1.5 MODEL_EVENT_DELETE|m",
        ],
        {"m x": [(0, 1.5, "deleted")], "m model": [(0, 1.5, "deleted")]},
    ),
    "a MODEL_ADD of an alias in use: nothing": (
        ["0 MODEL_EVENT_ADD|m", "1 MODEL_ADD|m|b.pmd"],
        {"m model": [(0, None, "")]},
    ),
    "MODEL_CHANGE: speech and motions run on": (
        [
            "0 MODEL_EVENT_ADD|m",
            "0 MOTION_EVENT_ADD|m|x",
            "0 SYNTH_EVENT_START|m",
            "1 MODEL_CHANGE|m|b.pmd",
            "1.2 MODEL_EVENT_CHANGE|m",
        ],
        {
            "m model": [(0, 1.2, "replaced"), (1.2, None, "")],
            "m x": [(0, None, "")],
            "m speech": [(0, None, "")],
        },
    ),
    "a timer runs out": (
        ["0 TIMER_START|t|3", "0 TIMER_EVENT_START|t", "3 TIMER_EVENT_STOP|t"],
        {"timer t": [(0, 3, "")]},
    ),
    "a timer is stopped, which only its command tells": (
        ["0 TIMER_EVENT_START|t", "1 TIMER_STOP|t", "1 TIMER_EVENT_STOP|t"],
        {"timer t": [(0, 1, "stopped")]},
    ),
    "a restart of a timer gives CANCELLED and START": (
        ["0 TIMER_EVENT_START|t", "1 TIMER_EVENT_CANCELLED|t", "1 TIMER_EVENT_START|t"],
        {"timer t": [(0, 1, "cancelled"), (1, None, "")]},
    ),
    "TIMER_CANCEL of an unknown alias gives an event that ends nothing": (
        ["1 TIMER_CANCEL|t", "1 TIMER_EVENT_CANCELLED|t"],
        {"timer t": []},
    ),
    "a restart of a sound gives STOP and START": (
        [
            "0 SOUND_START|s|a.wav",
            "0 SOUND_EVENT_START|s",
            "0.5 SOUND_START|s|a.wav",
            "0.6 SOUND_EVENT_STOP|s",
            "0.6 SOUND_EVENT_START|s",
            "2 SOUND_EVENT_STOP|s",
        ],
        {"sound s": [(0, 0.6, "replaced"), (0.6, 2, "")]},
    ),
    "a second prompt replaces the first silently": (
        ["0 PROMPT_SHOW|q|a|b", "1 PROMPT_SHOW|r|c|d", "2 PROMPT_EVENT_SELECTED|1"],
        {"prompt": [(0, 1, "replaced"), (1, 2, "")]},
    ),
    "a speech whose end is missing ends where it was predicted to": (
        [
            "0 SYNTH_EVENT_START|m",
            "0 LIPSYNC_START|m|a,1000",
            "60 SYNTH_EVENT_START|m",
            "61 SYNTH_EVENT_STOP|m",
        ],
        {"m speech": [(0, 1, "no end seen"), (60, 61, "")]},
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_rule(rule: str) -> None:
    lines, lanes = RULES[rule]
    followed = follow(*lines)
    assert {lane: followed.lane(lane) for lane in lanes} == lanes


WHOSE_TEXT: dict[str, tuple[list[str], list[tuple[str, bool]]]] = {
    "the latest one": (
        ["0 SYNTH_START|m|s|one", "0 SYNTH_EVENT_START|m"],
        [("one", False)],
    ),
    "none since the last voice: its text again": (
        ["0 SYNTH_START|m|s|one", "0 SYNTH_EVENT_START|m", "1 SYNTH_EVENT_START|m"],
        [("one", False), ("one", False)],
    ),
    "three in one frame: uncertain": (
        [
            "0 SYNTH_START|m|s|one",
            "0 SYNTH_START|m|s|two",
            "0 SYNTH_START|m|s|three",
            "0 SYNTH_EVENT_START|m",
            "1 SYNTH_EVENT_STOP|m",
            "1 SYNTH_EVENT_START|m",
        ],
        [("three", True), ("three", True)],
    ),
    "an unknown style waits for ever, but not for good": (
        [
            "0 SYNTH_START|m|unknown|one",
            "5 SYNTH_START|m|s|two",
            "5 SYNTH_EVENT_START|m",
            "6 SYNTH_EVENT_STOP|m",
            "7 SYNTH_START|m|s|three",
            "7 SYNTH_EVENT_START|m",
        ],
        [("two", True), ("three", False)],
    ),
    "each model for itself": (
        [
            "0 SYNTH_START|m|s|one",
            "0 SYNTH_START|n|s|two",
            "0 SYNTH_EVENT_START|n",
            "0 SYNTH_EVENT_START|m",
        ],
        [("two", False), ("one", False)],
    ),
    "a bar belongs to the text": (
        ["0 SYNTH_START|m|s|one|more", "0 SYNTH_EVENT_START|m"],
        [("one|more", False)],
    ),
    "nothing is known": (["0 SYNTH_EVENT_START|m"], [("", True)]),
}


@pytest.mark.parametrize("rule", WHOSE_TEXT)
def test_whose_text_is_spoken(rule: str) -> None:
    lines, expected = WHOSE_TEXT[rule]
    speech = [each for each in follow(*lines).intervals if each.lane.kind == "speech"]
    assert [(each.text, each.uncertain) for each in speech] == expected


def test_the_milliseconds_of_the_phonemes_are_the_predicted_length() -> None:
    lines = ("0 SYNTH_EVENT_START|m", "0 LIPSYNC_START|m|k,90,o,105", "0 LIPSYNC_EVENT_START|m")
    assert [each.predicted for each in follow(*lines).intervals] == [0.195, 0.195]


def test_a_cut_line_predicts_nothing() -> None:
    start, lips = script("0 SYNTH_EVENT_START|m", "0 LIPSYNC_START|m|k,90,o,1")
    cut = Event(lips.seq, lips.time, "received", "chat", lips.type, lips.args, cut=True)
    [interval] = Followed([start, cut]).intervals
    assert interval.predicted is None


def test_kind_and_loop_of_a_motion_stay_those_of_the_first() -> None:
    followed = follow(
        "0 MOTION_ADD|m|x|a.vmd|FULL|LOOP",
        "0 MOTION_EVENT_ADD|m|x",
        "1 MOTION_ADD|m|x|b.vmd|PART|ONCE",
        "1 MOTION_EVENT_ADD|m|x",
    )
    assert [(each.text, each.detail, each.end) for each in followed.intervals] == [
        ("a.vmd", "FULL LOOP", BEGIN + 1),
        ("b.vmd", "FULL LOOP", None),
    ]


def test_a_selected_prompt_says_what_was_chosen() -> None:
    assert follow("0 PROMPT_SHOW|drink|coffee|tea", "1 PROMPT_EVENT_SELECTED|1").texts(
        "prompt"
    ) == ["drink: tea"]


def test_an_interval_names_its_events() -> None:
    [voice] = follow(
        "0 SYNTH_START|m|s|one",
        "0.1 SYNTH_EVENT_START|m",
        "0.1 LIPSYNC_START|m|a,900",
        "1 SYNTH_EVENT_STOP|m",
    ).intervals
    assert voice.events == (1, 2, 3, 4)


def test_a_log_counts_a_message_once() -> None:
    def line(seq: int, level: str) -> Event:
        return Event(seq, BEGIN, "log", "chat", "TIMER_EVENT_START", "t", level=level)

    followed = Followed([line(1, "Sent"), line(2, "Captured"), line(3, "Captured")])
    assert len(followed.intervals) == 1


def test_what_was_sent_counts_once_at_the_time_when_it_was_sent() -> None:
    sent = Event(1, BEGIN, "sent", "chat", "RECOG_EVENT_STOP", "hello", round_trip=0.02)
    echo = Event(
        2, BEGIN + 0.02, "received", "chat", "RECOG_EVENT_STOP", "hello", echo=1, round_trip=0.02
    )
    assert Followed([sent, echo]).lane("user") == [(0, 0, "")]


def own(seq: int, time: float, by: str, level: str, args: str, text: str) -> Event:
    """What mdxdash itself notes of speech and of macros."""
    at = BEGIN + time
    return Event(seq, at, "sent", "chat", "", args, text, level=level, by=by)  # type: ignore[arg-type]


def test_speech_that_is_sent_as_sound_is_an_answer() -> None:
    [heard] = script("1 RECOG_EVENT_STOP|hi")
    followed = Followed(
        [
            heard,
            own(2, 1.5, "speech", "start", "0|12", "model 0 speaks hello, you, 2.0 s"),
            own(3, 3.5, "speech", "end", "0|12", "model 0 was stopped in hello, you after 2.0 s"),
        ]
    )
    assert followed.lane("0 file") == [(1.5, 3.5, "stopped")]
    [turn] = followed.turns
    assert (turn.text, turn.latency, turn.speeches[0].cut) == ("hello, you", 0.5, True)


def test_what_is_spoken_and_how_macros_are_called_says_nothing_of_how_they_ended() -> None:
    said = "he was stopped in time, 3.0 s"
    followed = Followed(
        [
            own(1, 1, "speech", "start", "0|1", speech_begins("0", said, None)),
            own(2, 2, "speech", "end", "0|1", f"model 0 has spoken {said}, 1.0 s (computed)"),
            own(3, 3, "macro", "start", "x failed|2", "macro x failed begins"),
            own(4, 4, "macro", "end", "x failed|2", "macro x failed passed after 1.0 s"),
        ]
    )
    assert followed.lane("0 file") == [(1, 2, "")]
    assert followed.lane("macro x failed") == [(3, 4, "")]
    assert [each.text for each in followed.turns[0].speeches] == [said]


def test_a_macro_that_runs_is_an_interval() -> None:
    followed = Followed(
        [
            own(1, 1, "macro", "start", "Greet|1", "macro Greet begins"),
            own(2, 3, "macro", "end", "Greet|1", "macro Greet failed after 2.0 s"),
            own(3, 4, "macro", "start", "Greet|2", "macro Greet begins"),
            own(4, 5, "macro", "end", "Greet|2", "macro Greet passed after 1.0 s"),
        ]
    )
    assert followed.lane("macro Greet") == [(1, 3, "failed"), (4, 5, "")]


def test_agents_are_apart() -> None:
    one = script("0 TIMER_EVENT_START|t", "1 TIMER_EVENT_STOP|t", agent="one")
    two = script("0 TIMER_EVENT_START|t", agent="two")
    ends = {each.lane.agent: each.end for each in Followed(one + two).intervals}
    assert ends == {"one": BEGIN + 1, "two": None}


def test_a_lost_agent_ends_what_is_open() -> None:
    events = script("0 TIMER_EVENT_START|t", "0 SYNTH_EVENT_START|m")
    lost = Event(3, BEGIN + 2, "disconnected", "chat", text="gone")
    followed = Followed([*events, lost])
    assert followed.lane("timer t") == [(0, 2, "disconnected")]
    assert followed.lane("m speech") == [(0, 2, "disconnected")]


def test_the_cases_of_the_real_program() -> None:
    followed = Followed(recorded_events(RECORDINGS / "cases.jsonl"))
    bars = [
        (each.lane.name, each.text, each.detail, each.ending)
        for each in followed.intervals
        if each.lane.name in ("gene x", "gene y", "f model", "g2 m", "prompt", "gene file")
    ]
    assert bars == [
        ("gene x", "motions/action/ojigi.vmd", "PART ONCE", "replaced"),
        ("gene x", "motions/action/nod.vmd", "PART ONCE", ""),
        ("gene y", "motions/action/nod.vmd", "PART LOOP", "replaced"),
        ("gene y", "motions/action/ojigi.vmd", "PART LOOP", "deleted"),
        ("f model", "glasses/glasses.pmd", "", "deleted"),
        ("f model", "glasses/glasses.pmd", "", ""),
        ("g2 m", "motions/action/nod.vmd", "FULL LOOP", ""),
        ("prompt", "first", "a|b", "replaced"),
        ("prompt", "second", "c|d", ""),
        ("gene file", "s.wav", "", ""),
        ("gene file", "s.wav", "", "stopped"),
    ]


# Whatever comes

TYPES = (
    "RECOG_EVENT_START",
    "RECOG_EVENT_STOP|a",
    "RECOG_EVENT_STOP",
    "SYNTH_START|m|s|t",
    "SYNTH_STOP|m",
    "SYNTH_EVENT_START|m",
    "SYNTH_EVENT_STOP|m",
    "LIPSYNC_START|m|a,100",
    "LIPSYNC_START|m|a,x",
    "LIPSYNC_STOP|m",
    "LIPSYNC_EVENT_START|m",
    "LIPSYNC_EVENT_STOP|m",
    "SPEAK_START|m|f",
    "SPEAK_STOP|m",
    "SPEAK_EVENT_START|m",
    "SPEAK_EVENT_STOP|m",
    "MOTION_ADD|m|x|f|PART|ONCE",
    "MOTION_CHANGE|m|x|f",
    "MOTION_DELETE|m|x",
    "MOTION_EVENT_ADD|m|x",
    "MOTION_EVENT_ADD|n|y",
    "MOTION_EVENT_CHANGE|m|x",
    "MOTION_EVENT_DELETE|m|x",
    "MODEL_ADD|m|f",
    "MODEL_CHANGE|m|f",
    "MODEL_DELETE|m",
    "MODEL_EVENT_ADD|m",
    "MODEL_EVENT_CHANGE|m",
    "MODEL_EVENT_DELETE|m",
    "TIMER_START|t|1",
    "TIMER_STOP|t",
    "TIMER_EVENT_START|t",
    "TIMER_EVENT_STOP|t",
    "TIMER_EVENT_CANCELLED|t",
    "SOUND_START|s|f",
    "SOUND_STOP|s",
    "SOUND_EVENT_START|s",
    "SOUND_EVENT_STOP|s",
    "PROMPT_SHOW|a|b",
    "PROMPT_EVENT_SELECTED|0",
    "PROMPT_EVENT_SELECTED|²",
    "SYNTH_START|",
    "MOTION_ADD|||",
    "OTHER|x",
)
steps = st.lists(st.tuples(st.sampled_from(TYPES), st.floats(-1, 40)), max_size=60)


def random_events(parts: list[tuple[str, float]]) -> list[Event]:
    events, time = [], BEGIN
    for seq, (message, pause) in enumerate(parts, start=1):
        time += pause
        type_, _, args = message.partition("|")
        events.append(Event(seq, time, "received", "chat", type_, args))
    return events


@settings(max_examples=150, deadline=None)
@given(steps)
def test_lanes_never_overlap_and_nothing_ends_before_it_begins(
    parts: list[tuple[str, float]],
) -> None:
    last_end: dict[object, float] = {}
    for interval in Followed(random_events(parts)).intervals:
        assert interval.begin >= last_end.get(interval.lane, float("-inf"))
        assert interval.end is None or interval.end >= interval.begin
        last_end[interval.lane] = float("inf") if interval.end is None else interval.end


@settings(max_examples=50, deadline=None)
@given(steps)
def test_a_turn_is_complete_once_and_then_stays_as_it_is(parts: list[tuple[str, float]]) -> None:
    seen: dict[int, Turn] = {}

    def changed(turn: Turn) -> None:
        before = seen.get(turn.number)
        assert before is None or not before.complete
        assert turn.latency is None or turn.latency >= 0
        seen[turn.number] = turn

    dialogue = Dialogue(on_turn=changed)
    for event in random_events(parts):
        dialogue.add(event)
    dialogue.finish()
    assert all(turn.complete for turn in seen.values())


def test_an_event_costs_the_same_however_much_came_before() -> None:
    lines = recorded_events(RECORDINGS / "dialogue.jsonl")
    dialogue = Dialogue()

    def steps_of_a_pass(number: int) -> int:
        count = 0

        def trace(frame: FrameType, what: str, argument: object) -> object:
            nonlocal count
            count += what == "line"
            return trace

        events = [msgspec.structs.replace(each, time=each.time + 1000 * number) for each in lines]
        sys.settrace(trace)
        try:
            for event in events:
                dialogue.add(event)
        finally:
            sys.settrace(None)
        return count

    passes = [steps_of_a_pass(number) for number in range(6)]
    # Python's own garbage collection may add some.
    assert passes[5] == pytest.approx(passes[2], rel=0.01)
    assert passes[2] > 10 * len(lines)


@pytest.mark.parametrize("field", ["aliases", "models", "agents", "speeches", "notes"])
def test_garbage_costs_bounded_memory(field: str) -> None:
    changes: list[Interval | Turn] = []
    dialogue = Dialogue(changes.append, changes.append)
    lines = {
        "aliases": lambda i: ("MOTION_EVENT_ADD", f"m|{i}", "chat"),
        "models": lambda i: ("SYNTH_EVENT_START", f"m{i}", "chat"),
        "agents": lambda i: ("TIMER_EVENT_START", "t", f"chat{i}"),
        "speeches": lambda i: ("SYNTH_START", "m|s|t", "chat"),
        "notes": lambda i: ("MOTION_ADD", f"m|{i}|f", "chat"),
    }
    for seq in range(1, 5 * LANES_MAX):
        type_, args, agent = lines[field](seq)
        dialogue.add(Event(seq, BEGIN, "received", agent, type_, args))
        largest = max((len(each.events) for each in changes), default=0)
        assert largest <= 4 * EVENTS_MAX
        changes.clear()
    assert dialogue.size <= 3 * LANES_MAX + AGENTS_MAX * 8
