"""Entries of the catalog and the kinds of names that their arguments are."""

import msgspec
import pytest

from mdxdash.catalog.entry import Argument, ArgumentType, Entry, Summary
from mdxdash.catalog.lookup import find


def test_a_summary_is_in_the_language_that_is_asked_for() -> None:
    summary = Summary("Stop a sound", "音を止める")
    assert summary.text("en") == "Stop a sound"
    assert summary.text("ja") == "音を止める"


@pytest.mark.parametrize(
    ("name", "type_", "kind"),
    [
        ("model alias", "model-alias", "model"),
        ("alias", "new-model-alias", "model"),
        ("parent", "model-alias", "model"),
        ("motion", "motion-alias", "motion"),
        ("motion", "new-motion-alias", "motion"),
        ("name", "key", "key"),
        ("motion file", "file", "motion file"),
        ("timer alias", "alias", "timer"),
        ("timer alias", "new-alias", "timer"),
        ("text", "rest", ""),
        ("seconds", "number", ""),
    ],
)
def test_an_argument_has_the_kind_of_its_names(name: str, type_: ArgumentType, kind: str) -> None:
    assert Argument(name, type_).names_kind == kind


@pytest.mark.parametrize(
    ("type_", "takes"),
    [("MODEL_ADD", True), ("WINDOWFRAME_DELETEALL", False), ("KEY", True), ("__AV_EXBONE", False)],
)
def test_an_entry_takes_arguments_if_a_form_has_one(type_: str, takes: bool) -> None:
    entry = find(type_)
    assert entry is not None
    assert entry.takes_arguments is takes


def test_what_an_entry_leaves_out_has_its_default() -> None:
    data = {
        "name": "X",
        "kind": "command",
        "module": "core",
        "category": "own",
        "summary": {"en": "Test", "ja": "試験"},
        "forms": [[]],
        "direction": "to-agent",
        "documented": False,
        "observed": True,
    }
    entry = msgspec.convert(data, Entry)
    assert (entry.min_args, entry.max_args, entry.separator) == (None, None, "|")
    assert (entry.platform, entry.notes, entry.doc_conflict, entry.hazard) == ("", "", "", "")
    assert (entry.announces, entry.ends, entry.ends_all, entry.instead) == ("", "", "", "")
    assert (entry.dead, entry.refuses_existing, entry.file_ext) == (False, False, {})
    assert (entry.replies, entry.replies_when, entry.replies_by_form) == ((), (), ())


def test_an_unknown_field_of_an_entry_is_an_error() -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field `colour`"):
        msgspec.json.decode(b'{"colour": 1}', type=Entry)
