"""Events as one page of HTML that looks like the stream and is complete in itself.

It has no scripts and loads nothing, and text from the network is never markup in it.
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Final

from mdxdash.events.event import Event
from mdxdash.events.printable import printable
from mdxdash.events.text import local_time, log_prefix, marks, relay_direction, sign
from mdxdash.recordings.file_format import Header
from mdxdash.version import __version__

_STYLE: Final = """\
:root { color-scheme: light dark; --dim: #666; --sent: #0b57a4; --good: #1a7f37; --warn: #9a6700;
  --bad: #c21f1f; --line: #8883; }
@media (prefers-color-scheme: dark) { :root { --dim: #999; --sent: #7cb7ff; --good: #57c26b;
  --warn: #d9a62e; --bad: #ff7b72; } }
body { font: 14px/1.5 ui-monospace, "Cascadia Mono", Menlo, "Noto Sans Mono CJK JP", monospace;
  margin: 1rem; }
h1 { font-size: 1rem; } h1 small { font-weight: normal; color: var(--dim); }
table { border-collapse: collapse; width: 100%; }
td { vertical-align: top; padding: 0 .6rem 0 0; border-top: 1px solid var(--line);
  white-space: pre-wrap; overflow-wrap: anywhere; }
td.t, td.a { white-space: nowrap; color: var(--dim); } td.m { font-weight: 600; }
td.n { white-space: nowrap; text-align: right; color: var(--good); }
.day td { font-weight: 600; padding-top: .8rem; }
.sent .s, .sent .m { color: var(--sent); } .connected td.x, .connected .s { color: var(--good); }
.disconnected td.x, .disconnected .s, .warning td.x { color: var(--warn); }
.refused td, .fault td, .error td.x, .lost td.n { color: var(--bad); }
.cut td.n { color: var(--warn); }
"""

_LOG_CLASSES: Final = {"Error": " error", "Warning": " warning"}


def html_pieces(chunks: Iterable[Sequence[Event]], header: Header) -> Iterator[bytes]:
    """Yields the page, a row for each event."""
    yield _head(header).encode()
    day = ""
    for chunk in chunks:
        rows = []
        for event in chunk:
            when = local_time(event.time)
            if (today := when.strftime("%Y-%m-%d")) != day:
                day = today
                rows.append(f'<tr class="day"><td colspan="6">{day}</td></tr>\n')
            rows.append(_row(event, when.strftime("%H:%M:%S.%f")[:-3]))
        yield "".join(rows).encode("utf-8", "replace")
    yield b"</tbody></table>\n</body></html>\n"


def _head(header: Header) -> str:
    about = " · ".join(_text(part) for part in (header.started, header.address) if part)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f'<meta name="generator" content="mdxdash {__version__}">\n'
        f"<title>mdxdash {about}</title>\n<style>\n{_STYLE}</style></head>\n"
        f"<body><h1>mdxdash <small>{about}</small></h1>\n<table><tbody>\n"
    )


def _row(event: Event, clock: str) -> str:
    classes = event.kind + _LOG_CLASSES.get(event.level, "")
    classes += " lost" if event.lost else " cut" if event.cut else ""
    name, rest = _payload(event)
    title = f' title="{relay_direction(event)}"' if relay_direction(event) else ""
    return (
        f'<tr class="{classes}"><td class="t">{clock}</td><td class="s"{title}>{sign(event)}</td>'
        f'<td class="a">{_text(event.agent)}</td><td class="m">{name}</td>'
        f'<td class="x">{rest}</td><td class="n">{marks(event)}</td></tr>\n'
    )


def _payload(event: Event) -> tuple[str, str]:
    """Returns the event's name (a type or a module) and the rest of its payload."""
    if event.kind == "log":
        # The text of a log line may have several lines.
        lines = "\n".join(map(_text, event.text.split("\n")))
        return _text(log_prefix(event).rstrip(": ")), lines
    if not event.type:
        return "", _text(event.text)
    rest = f"{event.args}  ({event.text})" if event.text else event.args
    return _text(event.type), _text(rest)


def _text(text: str) -> str:
    return escape(printable(text))
