"""Explanations of messages and codes, for people to read."""

from collections.abc import Iterator

from mdxdash.catalog.codes import CODES, Code, Severity
from mdxdash.catalog.entry import Argument, Entry, Form
from mdxdash.catalog.lookup import entries, find, is_family, nearest
from mdxdash.language.translation import N_, Language, text_in
from mdxdash.wire.message import SEPARATOR

_WHEN = {
    "now": N_("now"),
    "end": N_("when it has ended"),
    "user": N_("after the user acted"),
    "conditional": N_("in some states"),
}
_SEVERITY_TITLES: dict[Severity, str] = {
    "refused": N_("refused: never sent"),
    "ask": N_("ask: sent when confirmed"),
    "hint": N_("hint: only reported"),
}


def explain(topic: str | None = None, language: Language = "en") -> str:
    """Return the explanation of a code (`C201`) or a message type (`PROMPT_SHOW`, `MENU|ADD`,
    `MENU`); without a topic, the list of all codes.

    Everything but names is in `language`.

    Raises:
        LookupError: the topic is neither; the text names the nearest message type.
    """
    if topic is None:
        return _all_codes(language)
    code = CODES.get(topic.upper())
    if code is not None:
        return "\n".join(_code(code, language))
    wanted = topic.strip()
    entry = find(*wanted.partition(SEPARATOR)[::2]) or find(wanted.upper())
    if entry is not None:
        return "\n".join(_entry(entry, language))
    if is_family(wanted.upper()):
        family = [one for one in entries() if one.name.startswith(wanted.upper() + SEPARATOR)]
        return "\n\n".join("\n".join(_entry(one, language)) for one in family)
    near = nearest(wanted)
    meant = N_("; did you mean {name}?").format(name=near.name) if near is not None else ""
    raise LookupError(
        N_("{wanted} is neither a code nor a message of MMDAgent-EX{meant}").format(
            wanted=wanted, meant=meant
        )
    )


def _heading(text: str, language: Language) -> str:
    return text_in(language, text)


def _all_codes(language: Language) -> str:
    lines = []
    for severity, title in _SEVERITY_TITLES.items():
        lines.append(_heading(title, language))
        lines += [
            f"  {code.code}  {text_in(language, code.meaning)}"
            for code in CODES.values()
            if code.severity == severity
        ]
    return "\n".join(lines)


def _code(code: Code, language: Language) -> Iterator[str]:
    yield f"{code.code}  {_heading(_SEVERITY_TITLES[code.severity], language)}"
    yield text_in(language, code.meaning)
    if code.remedy:
        yield text_in(language, code.remedy)
    if code.types:
        yield ", ".join(code.types)


def _entry(entry: Entry, language: Language) -> Iterator[str]:
    yield f"{entry.name}  ({entry.kind}, {entry.module}, {entry.category})"
    yield entry.summary.text(language)
    if entry.instead:
        yield f"{_heading('Use instead', language)}: {entry.instead}"
    if entry.platform:
        yield f"{_heading('Works only on', language)}: {entry.platform.capitalize()}"
    for number, form in enumerate(entry.forms):
        yield ""
        yield from _form(form, entry, number, language)
    if entry.kind == "command" and entry.min_args is not None:
        counts = f"{entry.min_args} – {'∞' if entry.max_args is None else entry.max_args}"
        if entry.min_args == entry.max_args:
            counts = str(entry.min_args)
        yield f"{_heading('Count enforced by the agent', language)}: {counts}"
    if entry.replies:
        yield ""
        yield f"{_heading('Replies', language)}:"
        yield from dict.fromkeys(  # the replies of two forms may read the same
            f"  {_named_reply(reply, entry)}  ({_heading(_WHEN[when], language)})"
            for reply, when in zip(entry.replies, entry.replies_when, strict=True)
        )
    for title, text in (
        (N_("Notes"), entry.notes),
        (N_("The documentation is wrong"), entry.doc_conflict),
        (N_("Hazard"), entry.hazard),
    ):
        if text:
            yield ""
            yield f"{_heading(title, language)}: {text_in(language, text)}"
    codes = [code for code in CODES.values() if entry.name in code.types]
    if codes:
        yield ""
        yield f"{_heading('Checked by', language)}:"
        yield from (
            f"  {code.code} ({code.severity})  {text_in(language, code.meaning)}" for code in codes
        )
    if not entry.observed:
        yield ""
        yield f"({_heading('read from the source, not tried', language)})"


def _form(form: Form, entry: Entry, number: int, language: Language) -> Iterator[str]:
    if not form:
        yield _heading(N_("Arguments: none"), language)
        return
    title = N_("Arguments") if number == 0 else N_("or")
    names = (f"[{argument.name}]" if argument.optional else argument.name for argument in form)
    separator = entry.separator or ("" if entry.kind == "remote" else SEPARATOR)
    yield f"{_heading(title, language)}: {entry.name}{separator}{separator.join(names)}"
    for position, argument in enumerate(form, 1):
        required = _requirements(argument, entry, language)
        yield f"  {position}  {argument.name}{': ' if required else ''}{required}"


def _requirements(argument: Argument, entry: Entry, language: Language) -> str:
    said = argument.name.replace(" ", "-")
    parts: list[str] = [] if said == argument.type else [argument.type]
    if argument.choices:
        parts.append(f"{_heading('one of', language)} {', '.join(argument.choices)}")
    if endings := entry.file_ext.get(argument.name):
        parts.append(" ".join(endings))
    if argument.default is not None:
        parts.append(f"{_heading('default', language)} {argument.default}")
    if argument.optional:
        parts.append(_heading(N_("optional"), language))
    return "; ".join(parts)


def _named_reply(reply: str, entry: Entry) -> str:
    """Replace the numbers of the command's arguments in a reply by their names."""
    by_form = zip(entry.replies_by_form, entry.forms, strict=False)
    form = next((form for replies, form in by_form if reply in replies), entry.forms[0])
    for number, argument in enumerate(form):
        reply = reply.replace(f"{{{number}}}", f"({argument.name})")
    return reply
