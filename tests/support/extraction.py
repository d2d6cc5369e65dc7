"""Finds the texts of the package that users see, for the translations.

`python -m tests.support.extraction` brings each `mdxdash.po` up to date: it adds what is new, drops
what is gone, and prints how many texts there are and how many are translated.
"""

import ast
import inspect
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

PACKAGE: Final = Path(__file__).parents[2] / "mdxdash"
TRANSLATIONS: Final = PACKAGE / "language" / "ja" / "LC_MESSAGES" / "mdxdash.po"

MARKS: Final = {"_": (0,), "N_": (0,), "ngettext": (0, 1)}
"""The functions that mark a text, and which of their arguments are texts."""

SHOWN_ARGUMENTS: Final[dict[str, tuple[tuple[int, ...], tuple[str, ...]]]] = {
    "Binding": ((2,), ("description", "tooltip")),
    "About": ((0,), ("meaning", "unit", "unset")),
    "Meta": ((), ("description",)),
    "option": ((), ("help",)),
    "command": ((), ("help",)),
    "_heading": ((0,), ()),
    "_hidden": ((2, 3), ()),
    "KeySection": ((0,), ()),
    "Code": ((2, 3), ("meaning", "remedy")),
    "Rule": ((1, 2), ("finds", "meaning")),
}
"""Calls whose arguments are translated where they are shown, so that they need no mark: the places
and the keywords of these arguments."""

_UNUSED_HEADERS: Final = tuple(
    f'"{name}: '
    for name in (
        "Report-Msgid-Bugs-To",
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Language-Team",
        "Generated-By",
    )
)

Text = tuple[int, str, str | tuple[str, str], list[str]]
"""Line, function, text (of a plural both), comments, as Babel takes it."""


def extract(
    fileobj: BinaryIO, keywords: Any, comment_tags: Any, options: dict[str, Any]
) -> Iterator[Text]:
    """Yields the texts of a file that users see; a method of extraction as Babel calls it."""
    yield from shown_texts(ast.parse(fileobj.read().decode("utf-8")))


def extract_catalog(
    fileobj: BinaryIO, keywords: Any, comment_tags: Any, options: dict[str, Any]
) -> Iterator[Text]:
    """Yields what the catalog of messages says of them; their summaries have Japanese there."""
    for message in json.load(fileobj)["messages"]:
        for key in ("notes", "doc_conflict", "hazard"):
            if text := message.get(key):
                yield 1, "", text, [message["name"]]


def shown_texts(tree: ast.AST) -> Iterator[Text]:
    """Yields the texts of a module that users see, in the order of its lines."""
    found: list[Text] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found.extend(_in_call(node))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _is_command(node):
            text = inspect.cleandoc(ast.get_docstring(node, clean=False) or "")
            found.extend([(node.lineno, "", text, [])] if text else [])
    yield from sorted(found, key=lambda each: each[0])


def text_nodes(tree: ast.AST) -> set[ast.AST]:
    """Returns the literals of a module that are marked, or shown by a call that translates them."""
    return {
        literal
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for argument in _arguments(node)
        for literal in _literals(argument)
    }


def _in_call(call: ast.Call) -> Iterator[Text]:
    texts = [
        literal.value
        for argument in _arguments(call)
        for literal in _literals(argument)
        if isinstance(literal.value, str) and literal.value
    ]
    if _called(call) == "ngettext" and len(texts) == 2:
        yield call.lineno, "ngettext", (texts[0], texts[1]), []
        return
    for text in texts:
        yield call.lineno, "", text, []


def _arguments(call: ast.Call) -> Iterator[ast.expr]:
    """Yields the arguments of a call that are texts for users."""
    name = _called(call)
    places, keywords = (MARKS[name], ()) if name in MARKS else SHOWN_ARGUMENTS.get(name, ((), ()))
    yield from (argument for place, argument in enumerate(call.args) if place in places)
    yield from (keyword.value for keyword in call.keywords if keyword.arg in keywords)


def _literals(argument: ast.expr) -> Iterator[ast.Constant]:
    """Yields the literal that an argument is, or both of a choice."""
    if isinstance(argument, ast.IfExp):
        yield from _literals(argument.body)
        yield from _literals(argument.orelse)
    elif isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        yield argument


def _called(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _is_command(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Returns whether a function is a command of click, whose help is its docstring."""
    return any(
        isinstance(decorator, ast.Call) and _called(decorator) in ("command", "group")
        for decorator in function.decorator_list
    )


def current_texts() -> Any:
    """Returns the texts of the package as Babel's catalog, without translations."""
    from babel.messages.catalog import Catalog  # the other tests need no Babel
    from babel.messages.extract import extract_from_dir

    catalog = Catalog(project="mdxdash")
    found = extract_from_dir(
        PACKAGE,
        method_map=[
            ("**.py", "tests.support.extraction:extract"),
            ("catalog/messages.json", "tests.support.extraction:extract_catalog"),
        ],
        keywords={"ngettext": (1, 2)},
    )
    for file, _line, text, _comments, _context in found:
        catalog.add(text, locations=[(file, 1)])
    return catalog


def read_translations() -> Any:
    """Returns the Japanese translations as Babel's catalog."""
    from babel.messages.pofile import read_po

    with TRANSLATIONS.open("rb") as file:
        return read_po(file, locale="ja", abort_invalid=True)


def update() -> tuple[int, int]:
    """Brings the translations up to date; returns how many texts there are and are translated."""
    from babel.messages.pofile import write_po

    catalog, template = read_translations(), current_texts()
    catalog.update(template, no_fuzzy_matching=True, update_header_comment=False)
    catalog.obsolete.clear()
    output = io.BytesIO()
    write_po(output, catalog, no_location=False, include_lineno=False, width=96)
    lines = output.getvalue().decode("utf-8").splitlines(keepends=True)
    text = "".join(line for line in lines if not line.startswith(_UNUSED_HEADERS))
    TRANSLATIONS.write_text(text, encoding="utf-8")
    texts = [message for message in catalog if message.id]
    return len(texts), sum(bool(message.string) for message in texts)


if __name__ == "__main__":
    print("texts: {}, translated: {}".format(*update()))
