"""Documents of ELAN."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from mdxdash.dialogue.annotations.tiers import annotate
from tests.support.dialogues import BEGIN, Followed, recorded_events, script
from tests.support.recorded import RECORDINGS

elan = pytest.importorskip("pympi.Elan", reason="the extra `annotations`")


def test_a_dialogue_is_read_back(tmp_path: Path) -> None:
    from mdxdash.dialogue.annotations.eaf import eaf_bytes

    events = recorded_events(RECORDINGS / "dialogue.jsonl")
    made = annotate(Followed(events).intervals, events[0].time, events[-1].time)
    path = tmp_path / "a.eaf"
    path.write_bytes(eaf_bytes(made))
    document = elan.Eaf(path)
    assert list(document.get_tier_names()) == [tier.name for tier in made.tiers]
    for tier in made.tiers:
        found = sorted(tuple(each[:3]) for each in document.get_annotation_data_for_tier(tier.name))
        assert found == [tuple(each) for each in tier.annotations]


def test_its_structure_is_that_of_the_schema() -> None:
    """The parts in the order of EAFv2.8.xsd, and every reference has its target."""
    from mdxdash.dialogue.annotations.eaf import eaf_bytes

    events = script(
        "0 RECOG_EVENT_STOP|<a> & \x07", "1 SYNTH_EVENT_START|m", "2 SYNTH_EVENT_STOP|m"
    )
    root = ElementTree.fromstring(eaf_bytes(annotate(Followed(events).intervals, BEGIN, BEGIN + 2)))
    parts = list(dict.fromkeys(part.tag for part in root))
    assert parts[:3] == ["HEADER", "TIME_ORDER", "TIER"]
    slots = {slot.get("TIME_SLOT_ID") for slot in root.iter("TIME_SLOT")}
    types = {each.get("LINGUISTIC_TYPE_ID") for each in root.iter("LINGUISTIC_TYPE")}
    for tier in root.iter("TIER"):
        assert tier.get("LINGUISTIC_TYPE_REF") in types
    for annotation in root.iter("ALIGNABLE_ANNOTATION"):
        assert {annotation.get("TIME_SLOT_REF1"), annotation.get("TIME_SLOT_REF2")} <= slots
    assert next(each.text for each in root.iter("ANNOTATION_VALUE")) == "<a> & ␇"
