"""Types as switches: edits of a filter's text that turn one type on or off.

The text is the only state, so a switch is a small edit of it: everything else stays as it was
typed. Types that differ only in case or width are one type, as everywhere in the language.

All functions take and return the filter's text, and raise `FilterError` when it cannot be read.
"""

from mdxdash.filters.filter import Filter, parse
from mdxdash.filters.matching import is_about_types, type_decision
from mdxdash.filters.terms import TypeTerm
from mdxdash.filters.tree import AllNode, AnyNode, Node, NotNode
from mdxdash.filters.values import Value, quoted
from mdxdash.wire.full_width import fold

Edit = tuple[int, int, str]
"""The positions between which a text is replaced, and the new text."""


def type_is_on(filter: Filter, type: str) -> bool:
    """Returns whether events of a type can pass. A type is off when none of its events can: with
    `hello`, every type is on; with `-type:A` or `type:B`, A is off."""
    return filter.node is None or type_decision(filter.node, type) is not False


def switch_type(text: str, type: str, on: bool) -> str:
    """Switches one type on or off in the text; all other types stay as they were.

    Off takes the type out of `type:A,B`, else adds it to `-type:…`. On is the reverse; what is
    excluded by another pattern (`-type:RECOG_*`) is let in beside it: `(-type:RECOG_* OR type:A)`.
    """
    if type_is_on(parse(text), type) == on:
        return text
    return _switched_on(text, type) if on else _switched_off(text, type)


def only_type(text: str, type: str) -> str:
    """Replaces all conditions on types at the top level of the text by `type:X`.

    A part with conditions on types and on other things (`(type:A hello) OR is:lost`) stays as it
    is, and may keep the type off.
    """
    wanted = f"type:{quoted((type,))}"
    while len(found := _type_parts(text)) > 1:
        text = _removed(text, found[-1])
    if found:
        return _edited(text, [(found[0].start, found[0].end, wanted)])
    return _with(text, parse(text).node, wanted)


def switch_only_type(text: str, type: str) -> str:
    """Shows only one type, as `only_type`; all types if it is the only one already."""
    alone = only_type(text, type)
    return all_types(text) if alone == text else alone


def all_types(text: str) -> str:
    """Removes the conditions on types at the top level of the text; all else stays."""
    while found := _type_parts(text):
        text = _removed(text, found[-1])
    return text


def _type_parts(text: str) -> list[Node]:
    return [part for part in _top_parts(parse(text).node) if is_about_types(part)]


def _switched_off(text: str, type: str) -> str:
    listed = [part for part in _top_parts(parse(text).node) if isinstance(part, TypeTerm)]
    edits = [
        edit
        for part in listed
        if len(_without(part, type)) not in (0, len(part.values))
        for edit in _unlisting(part, type)
    ]
    text = _edited(text, edits)
    node = parse(text).node
    if node is not None and type_decision(node, type) is False:
        return text
    for part in reversed(_top_parts(node)):
        if isinstance(part, NotNode) and isinstance(part.part, TypeTerm):
            return _edited(text, [_addition(part.part, type)])
    return _with(text, node, f"-type:{quoted((type,))}")


def _switched_on(text: str, type: str) -> str:
    """Changes each part that keeps the type off."""
    while part := _excluding(text, type):
        text = _admitted(text, part, type)
    return text


def _excluding(text: str, type: str) -> Node | None:
    parts = _top_parts(parse(text).node)
    return next((part for part in parts if type_decision(part, type) is False), None)


def _admitted(text: str, part: Node, type: str) -> str:
    match part:
        case TypeTerm():
            return _edited(text, [_addition(part, type)])
        case NotNode(part=TypeTerm() as excluded):
            left = _without(excluded, type)
            if not left:
                return _removed(text, part)
            if not TypeTerm(left).matches(type):
                return _edited(text, _unlisting(excluded, type))
        case AnyNode(parts=(*_, TypeTerm() as last)):
            return _edited(text, [_addition(last, type)])
        case AnyNode() if not _in_parentheses(part):
            return _edited(text, [(part.end, part.end, f" OR type:{quoted((type,))}")])
        case _:
            pass
    beside = f" OR type:{quoted((type,))})"
    return _edited(text, [(part.start, part.start, "("), (part.end, part.end, beside)])


def _top_parts(node: Node | None) -> tuple[Node, ...]:
    """Returns the parts at the top level, which are joined by spaces (and)."""
    if node is None:
        return ()
    return node.parts if isinstance(node, AllNode) and not _in_parentheses(node) else (node,)


def _in_parentheses(node: AllNode | AnyNode) -> bool:
    return node.start < node.parts[0].start


def _without(part: TypeTerm, type: str) -> tuple[Value, ...]:
    return tuple(value for value in part.values if value.plain != fold(type))


def _unlisting(part: TypeTerm, type: str) -> list[Edit]:
    """Makes the edits that remove a type from a list with others, each with one of its commas."""
    kept = _without(part, type)
    first = kept[0]
    edits: list[Edit] = []
    for i, value in enumerate(part.values):
        if value.plain != fold(type):
            continue
        if value.start < first.start:
            edits.append((value.start, part.values[i + 1].start, ""))
        else:
            edits.append((part.values[i - 1].end, value.end, ""))
    return edits


def _addition(part: TypeTerm, type: str) -> Edit:
    end = part.values[-1].end
    return end, end, f",{quoted((type,))}"


def _removed(text: str, part: Node) -> str:
    """Removes a part and the space before it, or at the front, the space after it."""
    before, after = text[: part.start], text[part.end :]
    return before.rstrip() + after if before.strip() else before + after.lstrip()


def _with(text: str, node: Node | None, term: str) -> str:
    """Adds one more condition to the text."""
    if isinstance(node, AnyNode) and not _in_parentheses(node):
        text = f"({text})"
    space = "" if not text or text[-1].isspace() else " "
    return f"{text}{space}{term}"


def _edited(text: str, edits: list[Edit]) -> str:
    for start, end, replacement in sorted(edits, reverse=True):
        text = text[:start] + replacement + text[end:]
    return text
