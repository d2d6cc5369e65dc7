"""What an agent's messages tell of the names that live in it."""

import pytest

from mdxdash.catalog.announced import NAME_MAX_CHARACTERS, NAMES_MAX, AnnouncedState
from mdxdash.wire.message import parse_message


def after(*lines: str) -> AnnouncedState:
    state = AnnouncedState()
    for line in lines:
        message = parse_message(line)
        state.observe(message.type, message.args)
    return state


@pytest.mark.parametrize(
    ("kind", "begin", "end"),
    [
        ("model", "MODEL_EVENT_ADD|x", "MODEL_EVENT_DELETE|x"),
        ("button", "BUTTON_EVENT_ADD|x", "BUTTON_EVENT_DELETE|x"),
        ("caption", "CAPTION_EVENT_START|x", "CAPTION_EVENT_STOP|x"),
        ("frame", "WINDOWFRAME_EVENT_ADD|x", "WINDOWFRAME_EVENT_DELETE|x"),
        ("frame", "WINDOWFRAME_EVENT_ADD|x", "WINDOWFRAME_DELETEALL"),
        ("overlay", "WINDOWOVERLAY_EVENT_ADD|x", "WINDOWOVERLAY_EVENT_DELETE|x"),
        ("overlay", "WINDOWOVERLAY_EVENT_ADD|x", "WINDOWOVERLAY_DELETEALL"),
        ("menu", "MENU_EVENT|ADD|x", "MENU_EVENT|DELETE|x"),
        ("variable", "VALUE_EVENT_SET|x", "VALUE_EVENT_UNSET|x"),
        ("timer", "TIMER_EVENT_START|x", "TIMER_EVENT_STOP|x"),
        ("timer", "TIMER_EVENT_START|x", "TIMER_EVENT_CANCELLED|x"),
        ("sub-FST", "SUBFST_EVENT_START|x", "SUBFST_EVENT_STOP|x"),
        ("sound", "SOUND_EVENT_START|x", "SOUND_EVENT_STOP|x"),
        ("textarea", "TEXTAREA_EVENT_ADD|x", "TEXTAREA_EVENT_DELETE|x"),
        ("plugin", "PLUGIN_EVENT_ENABLE|x", "PLUGIN_EVENT_DISABLE|x"),
        ("speaking", "SPEAK_EVENT_START|x", "SPEAK_EVENT_STOP|x"),
        ("speaking", "SPEAK_EVENT_START|x", "SPEAK_EVENT_STOP"),
        ("motion capture", "MOTIONCAPTURE_START|x|a.vmd", "MOTIONCAPTURE_STOP|x"),
        ("motion capture", "MOTIONCAPTURE_START|x|a.vmd", "MODEL_EVENT_DELETE|x"),
    ],
)
def test_a_name_lives_from_its_first_event_to_its_last(kind: str, begin: str, end: str) -> None:
    assert after(begin).names(kind) == ("x",)
    assert after(begin, end).names(kind) == ()


@pytest.mark.parametrize(
    ("kind", "line", "name"),
    [
        ("style", "CAPTION_EVENT_SETSTYLE|big", "big"),
        ("key", "KEYVALUE_SET|smile|1", "smile"),
        ("voice", "SYNTH_START|mei|normal|hello", "normal"),
        ("motion file", "MOTION_ADD|mei|wave|motions/wave.vmd", "motions/wave.vmd"),
    ],
)
def test_names_are_learned_from_use(kind: str, line: str, name: str) -> None:
    assert after(line).names(kind) == (name,)


def test_a_copy_is_not_changed_by_what_follows() -> None:
    state = after("MODEL_EVENT_ADD|a", "SUBFST_EVENT_START|s")
    copied = state.copy()
    state.observe("MODEL_EVENT_ADD", "b")
    state.observe("FST_LOAD", "x.fst")
    assert (copied.names("model"), copied.main_script_runs) == (("a",), True)
    assert not copied.script_loads("x.fst")


def test_the_newest_name_comes_first() -> None:
    assert after("MODEL_EVENT_ADD|a", "MODEL_EVENT_ADD|b").names("model") == ("b", "a")


def test_motions_belong_to_their_model() -> None:
    state = after("MOTION_EVENT_ADD|a|walk", "MOTION_EVENT_ADD|b|wave", "MOTION_EVENT_ADD|b|walk")
    assert state.names("motion", "b") == ("walk", "wave")
    assert state.names("motion", "a") == ("walk",)
    assert state.names("motion") == ("walk", "wave")


def test_a_models_motions_go_with_it() -> None:
    state = after("MODEL_EVENT_ADD|a", "MOTION_EVENT_ADD|a|walk", "MODEL_EVENT_DELETE|a")
    assert state.names("motion", "a") == ()


def test_a_menu_item_is_no_page() -> None:
    assert after("MENU_EVENT|SETITEM|page|1").names("menu") == ()


def test_a_message_without_its_name_changes_nothing() -> None:
    assert (
        after("MODEL_EVENT_ADD", "TIMER_EVENT_CANCELLED", "MOTION_EVENT_ADD|a").names("model") == ()
    )


def test_a_flood_of_names_keeps_the_newest() -> None:
    state = after(*(f"MODEL_EVENT_ADD|{number}" for number in range(NAMES_MAX + 5)))
    assert len(state.names("model")) == NAMES_MAX
    assert state.names("model")[0] == str(NAMES_MAX + 4)


def test_an_overlong_name_is_not_kept() -> None:
    assert after("MODEL_EVENT_ADD|" + "x" * (NAME_MAX_CHARACTERS + 1)).names("model") == ()


def test_clearing_forgets_names_and_dangers() -> None:
    state = after("MODEL_EVENT_ADD|a", "PLUGIN_EVENT_DISABLE|Network", "SUBFST_EVENT_START|s")
    state.clear()
    assert state.names("model") == ()
    assert not state.was_disabled("Network")
    assert not state.main_script_ran


def test_a_sub_script_proves_a_main_script_until_the_next_load() -> None:
    assert after("SUBFST_EVENT_START|s").main_script_runs
    state = after("SUBFST_EVENT_START|s", "FST_LOAD|other.fst")
    assert (state.main_script_runs, state.main_script_ran) == (False, True)


START = "PLUGIN_EVENT_ENABLE|Variables"
A, B, C = "VALUE_EVENT_SET|a", "VALUE_EVENT_SET|b", "VALUE_EVENT_SET|c"


def test_removing_the_first_or_the_last_variable_is_safe() -> None:
    state = after(START, A, B, C)
    assert [state.removal_is_safe(name) for name in "abc"] == [True, False, True]


def test_setting_a_variable_again_does_not_move_it() -> None:
    assert not after(START, A, B, C, B).removal_is_safe("b")


def test_nothing_is_proven_of_variables_when_the_start_was_missed() -> None:
    assert not after(A).removal_is_safe("a")
    assert not after(A, START).removal_is_safe("a")


def test_the_removal_of_a_middle_variable_is_remembered() -> None:
    assert after(START, A, B, C, "VALUE_EVENT_UNSET|b").broken_variables
    assert not after(START, A, B, C, "VALUE_EVENT_UNSET|c").broken_variables


def test_nothing_is_proven_of_variables_when_there_were_more_than_are_kept() -> None:
    sets = [f"VALUE_EVENT_SET|{number}" for number in range(NAMES_MAX)]
    start = after("PLUGIN_EVENT_ENABLE|Variables", *sets)
    assert start.removal_is_safe(f"{NAMES_MAX - 1}")
    start.observe("VALUE_EVENT_SET", "one more")
    assert not start.removal_is_safe("one more")
