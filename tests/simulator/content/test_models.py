"""Models on the simulated stage."""

import pytest

from mdxdash.simulator.content.models import MAX_MODELS, MODEL_LEAVING, MODEL_LOADING, Models
from tests.support.content_parts import PartStage


@pytest.fixture
def stage() -> PartStage:
    """A stage with the model `mei` on it."""
    stage = PartStage(Models)
    assert stage.after("MODEL_ADD|mei|mei.pmd") == [(MODEL_LOADING, "MODEL_EVENT_ADD|mei")]
    return stage


def test_a_name_is_used_by_one_model(stage: PartStage) -> None:
    assert stage.after("MODEL_ADD|mei|b.pmd") == [(0.0, 'Error: addModel: "mei": already exists')]


def test_the_stage_has_room_for_ten_models(stage: PartStage) -> None:
    lines = [f"MODEL_ADD|m{number}|a.pmd" for number in range(MAX_MODELS)]
    texts = [text for _, text in stage.after(*lines)]
    assert texts.count("Error: addModel: no room for more than 10 models") == 1
    assert len(texts) == MAX_MODELS


def test_a_model_is_changed(stage: PartStage) -> None:
    assert stage.after("MODEL_CHANGE|mei|b.pmd") == [(MODEL_LOADING, "MODEL_EVENT_CHANGE|mei")]


def test_a_deleted_model_takes_its_motions_with_it(stage: PartStage) -> None:
    stage.after("MODEL_ADD|gene|gene.pmd", at=0.1)
    stage.after("MOTION_ADD|mei|walk|a.vmd", "MOTION_ADD|gene|walk|a.vmd", at=1, until=1)
    assert stage.after("MODEL_DELETE|mei", at=2) == [
        (2 + MODEL_LEAVING, "MODEL_EVENT_DELETE|mei"),
        (2.86, "MOTION_EVENT_DELETE|gene|walk"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "MODEL_CHANGE|x|b.pmd",
        "MODEL_DELETE|x",
        "MOTION_ADD|x|walk|a.vmd",
        "MOVE_START|x|0,0,0",
        "TURN_START|x|0,0,0",
        "ROTATE_START|x|0,0,0",
    ],
)
def test_a_model_that_does_not_exist_is_an_error(stage: PartStage, line: str) -> None:
    assert stage.after(line) == [(0.0, 'Error: no model with alias "x"')]


def test_a_motion_plays_once_unless_it_loops(stage: PartStage) -> None:
    assert stage.after("MOTION_ADD|mei|a|a.vmd") == [
        (0.0, "MOTION_EVENT_ADD|mei|a"),
        (1.86, "MOTION_EVENT_DELETE|mei|a"),
    ]
    assert stage.after("MOTION_ADD|mei|b|b.vmd|FULL|LOOP") == [(0.0, "MOTION_EVENT_ADD|mei|b")]
    assert stage.after("MOTION_DELETE|mei|b", at=3) == [(3.01, "MOTION_EVENT_DELETE|mei|b")]
    assert stage.after("MOTION_DELETE|mei|b", at=4) == [
        (4.0, 'Error: no motion "b" on model "mei"')
    ]


@pytest.mark.parametrize(
    ("line", "event"),
    [
        ("MOTION_CHANGE|mei|a|b.vmd", "MOTION_EVENT_CHANGE|mei|a"),
        ("MOTION_CONFIGURE|mei|a|MODE_FACE_NONE", "MOTION_EVENT_CONFIGURE|mei|a"),
        ("MOTION_RESET|mei|a", "MOTION_EVENT_RESET|mei|a"),
    ],
)
def test_a_running_motion_is_changed(stage: PartStage, line: str, event: str) -> None:
    assert stage.after(line) == [(0.0, 'Error: no motion "a" on model "mei"')]
    stage.after("MOTION_ADD|mei|a|a.vmd|FULL|LOOP")
    assert stage.after(line, at=1) == [(1.0, event)]


@pytest.mark.parametrize(("kind", "seconds"), [("MOVE", 2.0), ("TURN", 0.35), ("ROTATE", 0.3)])
def test_a_model_is_moved_for_a_while(stage: PartStage, kind: str, seconds: float) -> None:
    start, stop = f"{kind}_EVENT_START|mei", f"{kind}_EVENT_STOP|mei"
    assert stage.after(f"{kind}_START|mei|0,0,0") == [(0.0, start), (seconds, stop)]
    stage.after(f"{kind}_START|mei|0,0,0", at=5, until=5)
    assert stage.after(f"{kind}_STOP|mei", at=5.1) == [(5.1, stop)]
    assert stage.after(f"{kind}_STOP|mei", at=6) == []
