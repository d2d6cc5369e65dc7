"""The page of HTML, as a browser reads it."""

import re
from html.parser import HTMLParser

import pytest

from mdxdash.events.event import Event
from tests.support.exporting import EVENTS, HOSTILE_EVENTS, exported
from tests.support.hostile_text import HARMLESS, active


class Page(HTMLParser):
    """The rows of a page, each the texts of its cells; and all tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.classes: list[str] = []
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
            self.classes.append(dict(attrs)["class"] or "")
        elif tag == "td":
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.strip("\n") if data == "\n" else data


def test_the_page_looks_like_the_stream() -> None:
    page = Page(exported("html").decode())
    rows = [row[1:] for row in page.rows if len(row) > 1]
    assert rows[1] == ["←", "chat", "RECOG_EVENT_STOP", "こんにちは", ""]
    assert rows[2] == ["→", "chat", "TEST", "<b>&amp;</b>", "✓ 12 ms"]
    assert rows[4] == ["→", "chat", "TEST", "=1+1", "no echo"]
    assert rows[5] == ["·", "chat", "MMDAgent: Error", "two\nlines␛[31m", ""]
    assert rows[7] == ["!", "chat", "", "<U+202E>gone", "cut"]


@pytest.mark.parametrize(
    ("kind", "sign", "words"),
    [("received", "⇐", "agent → server"), ("sent", "⇒", "server → agent")],
)
def test_the_page_shows_what_was_relayed(kind: str, sign: str, words: str) -> None:
    event = Event(1, 1e9, kind, "chat", "A", via="server")  # type: ignore[arg-type]
    assert f'title="{words}">{sign}<' in exported("html", [event]).decode()


def test_the_page_names_each_day_once() -> None:
    page = Page(exported("html").decode())
    assert page.classes.count("day") == 2


def test_the_page_needs_nothing_but_itself() -> None:
    text = exported("html").decode()
    assert not re.search(r"https?:|src=|href=|url\(", text)
    assert Page(text).tags <= {
        *("html", "head", "meta", "title", "style", "body", "h1", "small"),
        *("table", "tbody", "tr", "td"),
    }


def test_on_the_page_nothing_of_hostile_events_is_markup_or_obeyed() -> None:
    text = exported("html", HOSTILE_EVENTS).decode()
    page = Page(text)
    assert page.tags == Page(exported("html").decode()).tags
    assert page.rows[1][1:] == ["←", HARMLESS, HARMLESS, HARMLESS, ""]
    assert not active(text)


def test_the_page_names_the_session_and_its_version() -> None:
    text = exported("html").decode()
    about = "2026-11-23T04:31:05+09:00 · ws://localhost:9001/chat"
    assert f"<title>mdxdash {about}</title>" in text
    assert f"<small>{about}</small>" in text


@pytest.mark.parametrize(
    ("fields", "classes"),
    [
        ({"kind": "sent"}, "sent"),
        ({"kind": "sent", "lost": True}, "sent lost"),
        ({"kind": "received", "cut": True}, "received cut"),
        ({"kind": "log", "level": "Error"}, "log error"),
        ({"kind": "log", "level": "Warning"}, "log warning"),
        ({"kind": "log", "level": "Status"}, "log"),
    ],
)
def test_the_class_of_a_row_gives_its_colour(fields: dict[str, object], classes: str) -> None:
    event = Event(**{"seq": 1, "time": 1e9, **fields})  # type: ignore[arg-type]
    assert Page(exported("html", [event]).decode()).classes[-1] == classes


def test_a_refused_message_has_its_reason_beside_it() -> None:
    page = Page(exported("html").decode())
    assert page.rows[-3][2:5] == ["chat", "A", "b  (W102 holds a newline)"]


def test_times_are_local_with_milliseconds() -> None:
    page = Page(exported("html", EVENTS[:1]).decode())
    assert re.fullmatch(r"\d\d:\d\d:\d\d\.000", page.rows[1][0])


def test_the_page_is_whole() -> None:
    assert exported("html").endswith(b"</tbody></table>\n</body></html>\n")
