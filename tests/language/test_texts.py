"""Every text that users see is marked, and has a Japanese translation."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.extraction import (
    PACKAGE,
    current_texts,
    read_translations,
    text_nodes,
)

SHOWING_CALLS = {
    # What shows its first argument to the user.
    *("notify", "Static", "Label", "Button", "Checkbox", "RadioButton", "TabPane", "Placeholder"),
    *("show_note", "fail", "report", "show", "echo", "secho", "confirm", "prompt"),
    *("UsageError", "BadParameter", "ClickException", "ConfirmDialog"),
}
SHOWING_ATTRIBUTES = {"border_title", "border_subtitle", "BORDER_TITLE", "BORDER_SUBTITLE"}
SHOWING_KEYWORDS = {"placeholder", "tooltip", "help"}
RAISED_FOR_PROGRAMMERS = {
    *("TypeError", "AssertionError", "KeyError", "NotImplementedError", "AttributeError"),
}
WORD = re.compile(r"[A-Za-z]{3,}")
SENTENCE = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")

ENGLISH = {
    # The simulator speaks as MMDAgent-EX does, which has no Japanese.
    "simulator",
    # Programs and macros that users go on writing.
    "cli/commands/new.py",
    # Files of other programs, whose texts are the same in every language.
    "recordings/exporting/html.py",
    "cli/output/junit_report.py",
    "settings/documents/schema.py",
    "settings/documents/markdown.py",
    # Failed functions of Windows.
    "processes/job_object.py",
    # Run without the package; what it logs is for the file.
    "remote/keeper.py",
    # A report that is sent to somebody else.
    "alerts/report.py",
}
"""Files, and a room, with texts that are the same in every language."""

SAME_IN_EVERY_LANGUAGE = {
    "no such settings: {}",  # resolve() was called with a wrong name
    "the log holds at least 1 event, not {}",
    "expected {} events from seq {} on, got {}",
    "expected events from seq {} on, got {}",
    "the next event is #{}, not #{}",
    "{}  sha256:{}",
}


def python_files() -> list[Path]:
    found = sorted(PACKAGE.rglob("*.py"))
    return [
        file
        for file in found
        if not any(file.relative_to(PACKAGE).as_posix().startswith(name) for name in ENGLISH)
    ]


def written(node: ast.expr) -> str | None:
    """The text of a literal, with `{}` for its values; None for anything else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
        )
    if isinstance(node, ast.IfExp):
        return written(node.body) or written(node.orelse)
    return None


def shown_expressions(tree: ast.AST) -> Iterator[tuple[ast.expr, re.Pattern[str]]]:
    """What is shown to the user or raised as an error, with what a text in it looks like."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in SHOWING_CALLS and node.args:
                yield node.args[0], WORD
            for keyword in node.keywords:
                if keyword.arg in SHOWING_KEYWORDS:
                    yield keyword.value, WORD
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                name = getattr(target, "attr", getattr(target, "id", ""))
                if name in SHOWING_ATTRIBUTES:
                    yield node.value, WORD
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            function = node.exc.func
            name = getattr(function, "attr", getattr(function, "id", ""))
            if name not in RAISED_FOR_PROGRAMMERS:
                for argument in node.exc.args:
                    yield argument, SENTENCE


VALUES = re.compile(r"[A-Za-z]+[ ,:(]+[a-z]{2,}|\d+ [a-z]{3,}|\{\} ?[a-z]{3,}|[a-z]{3,} \{\}")
"""What a text looks like that is stored, returned or filled in: several words, or a word and a
value."""

ROOMS_THAT_SHOW = ("tui/", "remote/", "remdis/", "cli/", "alerts/", "dialogue/")
"""Rooms in which a text that is made is sooner or later shown."""

NO_TEXTS = {
    # Styles, and names of keys and of parts of the screen.
    *("bold $text on $primary", "not bold", "pgup pgdn", "heads types", "outside program"),
    # Written into a recording in the place of words.
    "({} character{})",
    # Answers to other programs.
    "{} stopped",
    # As Remdis writes them, whose words are English.
    *("{} s  level {}", "no answer yet", "{} asr"),
}
"""Texts that look like sentences and are none for users."""


def made_expressions(tree: ast.AST) -> Iterator[ast.expr]:
    """The literals that are returned, stored under a name or in a table, or given to a function."""
    for node in ast.walk(tree):
        match node:
            case ast.Return(value=ast.expr() as value) | ast.Yield(value=ast.expr() as value):
                yield from literals(value)
            case ast.Dict(values=values):
                for value in values:
                    yield from literals(value)
            case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
                yield from literals(value)
            case ast.Call(keywords=keywords):
                for keyword in keywords:
                    yield from literals(keyword.value)


def literals(node: ast.expr) -> Iterator[ast.expr]:
    """The literals that an expression is made of; a `Literal[…]` and what is called has none."""
    match node:
        case ast.Constant() | ast.JoinedStr():
            yield node
        case ast.IfExp(body=body, orelse=other) | ast.BinOp(left=body, right=other):
            yield from (*literals(body), *literals(other))
        case ast.BoolOp(values=parts) | ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from literals(part)


def is_style(text: str) -> bool:
    """Whether a text is a style sheet of Textual."""
    return re.search(r"[\w-]+: [^;]*;", text) is not None


def unmarked_values(tree: ast.AST) -> list[tuple[int, str]]:
    """The texts of a module that are stored, returned or filled in, and that nothing translates."""
    marked = text_nodes(tree)
    found = {}
    for node in made_expressions(tree):
        text = None if node in marked else written(node)
        bare = re.sub(r"mdxdash( \w+)*|https?:\S+|--[a-z-]+|`[^`]*`", "", text or "")
        if text is not None and VALUES.search(bare) and not (text in NO_TEXTS or is_style(text)):
            found[node] = text
    return [(node.lineno, text) for node, text in found.items()]


def test_every_text_that_is_stored_or_returned_is_marked() -> None:
    found = {
        f"{name}:{line}": text
        for file in python_files()
        if (name := file.relative_to(PACKAGE).as_posix()).startswith(ROOMS_THAT_SHOW)
        for line, text in unmarked_values(ast.parse(file.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    "source",
    [
        'def f():\n    return "no agent"',
        'def f():\n    return f"{count} stopped" if count else "none of them"',
        'self._state = "is being read"',
        'EFFECTS = {"runs": "starts a program"}',
        '_("{what} is lost").format(what="the agent")',
        'show(name=f"{there} hub{ending}")',
        'def f():\n    yield shown + " and more"',
    ],
)
def test_a_text_that_is_stored_or_returned_is_found(source: str) -> None:
    assert unmarked_values(ast.parse(source))


def test_a_marked_text_that_is_stored_or_returned_is_not_found() -> None:
    source = 'EFFECTS = {"runs": N_("starts a program")}\nstate = _("is being read")'
    assert not unmarked_values(ast.parse(source))


def unmarked(tree: ast.AST) -> list[tuple[int, str]]:
    """The texts of a module that users see and that nothing translates, with their lines."""
    marked = text_nodes(tree)
    found = []
    for node, looks in shown_expressions(tree):
        text = None if node in marked else written(node)
        bare = re.sub(r"\{\}|mdxdash|https?:\S+|--[a-z-]+|`[^`]*`", "", text or "")
        if text is not None and looks.search(bare) and text not in SAME_IN_EVERY_LANGUAGE:
            found.append((node.lineno, text))
    return found


def test_every_text_that_users_see_is_marked() -> None:
    found = {
        f"{file.relative_to(PACKAGE).as_posix()}:{line}": text
        for file in python_files()
        for line, text in unmarked(ast.parse(file.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    "source",
    [
        'self.notify("There is no event.")',
        'yield Static(f"Copied {count} rows")',
        'pane.border_title = "Agents"',
        'Input(placeholder="a filter")',
        'raise ValueError(f"expected one of {what}, got {value}")',
        'fail("no hub runs")',
        'click.option("--x", help=f"Send to {target}")',
    ],
)
def test_a_text_that_is_not_marked_is_found(source: str) -> None:
    assert unmarked(ast.parse(source.replace("yield ", "")))


@pytest.mark.parametrize(
    "source",
    [
        'self.notify(_("There is no event."))',
        'self.notify(_("No {thing}.").format(thing=thing))',
        'click.option("--x", help="Send to all.")',
        "self.notify(str(error))",
        'raise TypeError(f"{hint} has no About(…)")',
    ],
)
def test_a_marked_text_is_not_found(source: str) -> None:
    assert not unmarked(ast.parse(source))


def fields(text: str) -> set[tuple[str, str, str]]:
    """The fields of a template. One named `s` is the ending of an English plural."""
    try:
        parsed = list(string.Formatter().parse(text))
    except ValueError:  # braces that are no fields
        return set()
    found = {(name, spec or "", conv or "") for _, name, spec, conv in parsed if name}
    return {each for each in found if re.fullmatch("[A-Za-z_]\\w*", each[0], re.A)} - S_ENDINGS


S_ENDINGS = {("s", "", "")}


def test_every_text_has_a_japanese_translation(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("babel")
    texts, translations = current_texts(), read_translations()
    in_english = {message.id for message in texts if message.id}
    in_japanese = {m.id for m in translations if m.id and m.string and not m.fuzzy}
    with capsys.disabled():
        print(f"\ntexts that users see: {len(in_english)}, in Japanese: {len(in_japanese)}")
    assert in_english - in_japanese == set(), "run python -m tests.support.extraction"
    assert in_japanese - in_english == set(), "run python -m tests.support.extraction"
    assert not translations.obsolete


def test_translations_have_the_fields_of_their_texts() -> None:
    pytest.importorskip("babel")
    wrong = []
    for message in read_translations():
        if not message.id or not message.string:
            continue
        plural = isinstance(message.id, tuple)
        text = message.id[0] if plural else message.id
        japanese = message.string[0] if plural else message.string
        if fields(text) != fields(japanese) or (text.endswith("\n") != japanese.endswith("\n")):
            wrong.append((text, japanese))
    assert wrong == []
