"""Conversation and timeline beside the stream: one selection, one filter, keys and mouse."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.events import AppBlur, AppFocus, MouseScrollDown, MouseScrollUp
from textual.widget import Widget

from mdxdash.dialogue.exchanges import EXCHANGES
from mdxdash.events.encoding import json_line
from mdxdash.events.event import Event
from mdxdash.language.translation import use
from mdxdash.simulator import Content
from mdxdash.tui.views.conversation import Conversation
from mdxdash.tui.views.lanes import Lanes
from tests.support.dashboards import Dashboard, running_dashboard
from tests.support.recorded import RECORDINGS
from tests.support.remdis_traffic import events_of, turn
from tests.tui.dashboard.test_recorded import complete, opened

SIZES = [(80, 24), (160, 45)]


@asynccontextmanager
async def dialogue(size: tuple[int, int] = (160, 45)) -> AsyncIterator[Dashboard]:
    """The real dialogue as a recording."""
    async with opened(RECORDINGS / "dialogue.jsonl", size=size) as dashboard:
        await complete(dashboard)
        yield dashboard


async def shown(dashboard: Dashboard, key: str) -> None:
    """Shows a view, and waits until all is in it."""
    await dashboard.press(key)
    views = dashboard.panes.views
    await dashboard.until(lambda: not views.history.behind)
    if views.shown == "conversation":
        await dashboard.until(lambda: views.conversation.complete)
    await dashboard.pilot.pause(0.1)


def selected(dashboard: Dashboard) -> str:
    event = dashboard.panes.stream.current
    assert event is not None
    return f"{event.type}|{event.args}"


@pytest.mark.parametrize("size", SIZES)
async def test_the_conversation_is_read_and_opens_events(size: tuple[int, int]) -> None:
    async with dialogue(size) as dashboard:
        await shown(dashboard, "C")
        await dashboard.press("G")
        await dashboard.until(lambda: "user ▏ さようなら" in dashboard.screen())
        assert "gene ▏ さようなら、佐藤さん。" in dashboard.screen()
        await dashboard.press("up", "up")
        await dashboard.until(lambda: "✕ no answer for 3 s" in dashboard.screen())
        assert selected(dashboard) == "RECOG_EVENT_START|"
        await dashboard.press("down")
        assert selected(dashboard) == "RECOG_EVENT_STOP|お願い,もう一度"
        await dashboard.press("enter")
        assert dashboard.app.focused is dashboard.panes.stream
        assert selected(dashboard) == "RECOG_EVENT_STOP|お願い,もう一度"
        await dashboard.until(lambda: "お願い,もう一度" in "\n".join(dashboard.stream_lines()))


@pytest.mark.parametrize("size", SIZES)
async def test_both_views_are_gone_through_in_japanese(size: tuple[int, int]) -> None:
    use("ja")
    async with dialogue(size) as dashboard:
        for key, walk in (("C", ("g", "down", "down")), ("T", ("g", "right", "plus"))):
            await shown(dashboard, key)
            await dashboard.press(*walk)
            await dashboard.pilot.pause(0.1)
            assert "こんにちは" in dashboard.screen() or key == "T"
            # Wide characters line up: each line has the width of the screen.
            lines = dashboard.screen().splitlines()
            assert {cell_len(line) for line in lines} == {size[0]}


async def test_the_head_has_the_numbers() -> None:
    async with dialogue() as dashboard:
        await shown(dashboard, "C")
        await dashboard.until(lambda: "2 unanswered" in dashboard.screen())
        assert "Events │ Conversation │ Timeline · last 0.00 s  median 0.03 s" in dashboard.screen()


async def test_a_filter_leaves_the_turns_of_which_an_event_passes() -> None:
    async with dialogue() as dashboard:
        await dashboard.press("slash")
        await dashboard.type("type:RECOG_EVENT_STOP")
        await dashboard.press("enter")
        await shown(dashboard, "C")
        await dashboard.press("g")
        await dashboard.until(lambda: "user ▏ こんにちは" in dashboard.screen())
        assert "unasked" not in dashboard.screen()
        assert "gene ▏ こんにちは。ジェネです" in dashboard.screen()


async def test_the_views_are_at_the_same_moment() -> None:
    async with dialogue() as dashboard:
        await shown(dashboard, "C")
        await dashboard.press("g", "down", "down")
        first = selected(dashboard)
        await shown(dashboard, "T")
        assert selected(dashboard) == first
        lanes = dashboard.panes.views.timeline.lanes
        event = dashboard.panes.stream.current
        assert event is not None
        assert 0 <= lanes.axis.column(event.time) < lanes.axis.width
        await dashboard.press("right", "right")
        await shown(dashboard, "C")
        turn = dashboard.panes.views.conversation.current
        assert turn is not None
        assert turn.words == "三秒計って"


@pytest.mark.parametrize("size", SIZES)
async def test_the_timeline_is_gone_through_by_keys(size: tuple[int, int]) -> None:
    async with dialogue(size) as dashboard:
        await shown(dashboard, "T")
        lanes = dashboard.panes.views.timeline.lanes
        assert isinstance(dashboard.app.focused, Lanes)
        await dashboard.press("g", "right")
        assert selected(dashboard) == "RECOG_EVENT_START|"
        await dashboard.until(lambda: "▐██" in dashboard.screen())
        await dashboard.press("down", "down", "right", "right")
        assert selected(dashboard).startswith("SYNTH_START|gene|mei_voice_sad|まだ")
        step = lanes.axis.step
        await dashboard.press("plus", "plus")
        assert lanes.axis.step < step
        await dashboard.until(lambda: "まだ名前を聞いていま" in dashboard.screen())
        await dashboard.press("minus", "minus", "minus")
        assert lanes.axis.step > step
        begin = lanes.axis.begin
        await dashboard.press("full_stop")
        assert lanes.axis.begin > begin
        await dashboard.press("comma")
        assert lanes.axis.begin == pytest.approx(begin)
        await dashboard.press("enter")
        assert dashboard.app.focused is dashboard.panes.stream
        assert selected(dashboard).startswith("SYNTH_START|gene|mei_voice_sad|まだ")


async def test_the_wheel_scrolls_and_zooms_and_a_click_selects() -> None:
    async with dialogue() as dashboard:
        await shown(dashboard, "T")
        await dashboard.press("g")
        lanes = dashboard.panes.views.timeline.lanes
        begin, step = lanes.axis.begin, lanes.axis.step

        async def wheel(kind: type, *, ctrl: bool = False) -> None:
            x, y = lanes.region.x + 60, lanes.region.y + 1
            event = kind(lanes, 60, 1, 0, 1, 0, False, False, ctrl, screen_x=x, screen_y=y)
            lanes.post_message(event)
            await dashboard.pilot.pause()

        await wheel(MouseScrollDown)
        assert lanes.axis.begin > begin
        await wheel(MouseScrollUp)
        assert lanes.axis.begin == pytest.approx(begin)
        await wheel(MouseScrollUp, ctrl=True)
        assert lanes.axis.step < step
        await wheel(MouseScrollDown, ctrl=True)
        assert lanes.axis.step == step
        user = next(lane for lane in lanes._history.lanes.values() if lane.lane.kind == "user")
        column = lanes.axis.column(user.intervals[0].begin) + lanes.name_cells + 1
        await dashboard.pilot.click(lanes, offset=(column, 0))
        assert selected(dashboard) == "RECOG_EVENT_START|"


async def test_a_click_on_a_tab_shows_the_view() -> None:
    async with dialogue() as dashboard:
        pane = dashboard.panes.stream_pane
        await dashboard.pilot.click(pane, offset=("─ Events │ Conv".index("Conv") + 2, 0))
        await dashboard.until(lambda: isinstance(dashboard.app.focused, Conversation))
        await dashboard.press("s")
        assert dashboard.app.focused is dashboard.panes.stream


@pytest.mark.parametrize("size", SIZES)
async def test_slow_and_missing_answers_are_gone_through(size: tuple[int, int]) -> None:
    async with dialogue(size) as dashboard:
        await shown(dashboard, "C")
        conversation, history = (
            dashboard.app.dashboard.views.conversation,
            dashboard.app.dashboard.views.history,
        )
        await dashboard.press("g")
        first = conversation.selected
        assert first is not None
        slow = [
            each.number
            for each in history.turns()
            if each.number > first and history.latencies.is_slow(each, None)
        ]
        assert 2 < len(slow) < len(history.turns()) - 5
        gone_to = []
        for _ in slow:
            await dashboard.press("n")
            gone_to.append(conversation.selected)
        assert gone_to == slow
        await dashboard.press("n")
        assert conversation.selected == slow[-1]
        assert dashboard.notified("No further answer was slow.")
        await dashboard.press("N")
        assert conversation.selected == slow[-2]


@pytest.mark.parametrize("size", SIZES)
async def test_a_live_conversation_is_followed_and_held(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with running_dashboard(tmp_path, size=size) as dashboard:
        agent = await dashboard.agent()
        await dashboard.press("C")
        views = dashboard.panes.views
        for number in range(30):
            await dashboard.issue(
                agent,
                f"RECOG_EVENT_STOP|question {number}",
                f"SYNTH_START|0|voice|answer {number}",
                "SYNTH_EVENT_START|0",
                "SYNTH_EVENT_STOP|0",
            )
        await dashboard.until(lambda: "answer 29" in dashboard.screen())
        await dashboard.press("up", "up")
        await dashboard.until(lambda: not dashboard.panes.stream.following)
        await dashboard.pilot.pause(0.1)
        before = re.findall(r"▏ answer \d+", dashboard.screen())
        await dashboard.issue(agent, "RECOG_EVENT_STOP|new", "SYNTH_START|0|v|newest")
        await dashboard.until(lambda: views.history.next_turn == 32)
        await dashboard.pilot.pause(0.1)
        assert re.findall(r"▏ answer \d+", dashboard.screen()) == before
        await dashboard.press("end")
        await dashboard.until(lambda: "newest" in dashboard.screen())
        assert dashboard.panes.stream.following


async def test_one_speaks_to_the_agent_as_its_user(tmp_path: Path) -> None:
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent(behavior=Content(speed=20))
        await dashboard.press("d")
        await dashboard.type("hello")
        await dashboard.press("enter")
        await dashboard.until(lambda: "user ▏ hello" in dashboard.screen())
        sent = [event for event in dashboard.log if event.kind == "sent"]
        assert [(event.type, event.args) for event in sent] == [("RECOG_EVENT_STOP", "hello")]
        await dashboard.press("escape")
        assert isinstance(dashboard.app.focused, Conversation)


async def test_nobody_hears_what_is_said_without_an_agent(tmp_path: Path) -> None:
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.press("d")
        await dashboard.type("hello")
        await dashboard.press("enter")
        await dashboard.until(lambda: dashboard.notified("Not sent"))


@pytest.mark.parametrize("size", SIZES)
async def test_a_live_timeline_follows_the_time(tmp_path: Path, size: tuple[int, int]) -> None:
    async with running_dashboard(tmp_path, size=size) as dashboard:
        agent = await dashboard.agent()
        await dashboard.press("T")
        assert "Nothing that takes time" in dashboard.screen()
        await dashboard.issue(agent, "SYNTH_START|0|v|はなし", "SYNTH_EVENT_START|0")
        await dashboard.until(lambda: "0 speech" in dashboard.screen())
        await dashboard.until(lambda: "→" in dashboard.screen())
        begin = dashboard.panes.views.timeline.lanes.axis.begin
        await dashboard.until(lambda: dashboard.panes.views.timeline.lanes.axis.begin > begin)
        await dashboard.press("space")
        held = dashboard.panes.views.timeline.lanes.axis.begin
        await dashboard.pilot.pause(0.5)
        assert dashboard.panes.views.timeline.lanes.axis.begin == held


async def test_a_selected_stretch_becomes_a_macro_that_passes_when_it_runs(tmp_path: Path) -> None:
    async with running_dashboard(tmp_path, macros="") as dashboard:
        app, agent = dashboard.app, await dashboard.agent()

        def answer(event: Event) -> None:
            if event.kind == "received" and event.type == "RECOG_EVENT_STOP":
                agent.issue(f"SYNTH_START|0|voice|you said {event.args}")
                agent.issue("SYNTH_EVENT_START|0")
                agent.issue("SYNTH_EVENT_STOP|0")

        def answered(words: str) -> bool:
            turns = app.dashboard.views.history.turns()
            return any(turn.words == words and turn.complete for turn in turns)

        dashboard.log.subscribe(answer)
        await dashboard.press("d")
        for words in ("first", "second"):
            await dashboard.type(words)
            await dashboard.press("enter")
            await dashboard.until(partial(answered, words))
        await dashboard.press("escape", "shift+up", "M")
        await dashboard.until(lambda: "Save the dialogue as a macro" in dashboard.screen())
        await dashboard.press("ctrl+s")
        await dashboard.until(lambda: app.dashboard.runner.macros[-1].name.startswith("Dialogue"))
        [run] = app.dashboard.runner.fire(app.dashboard.runner.macros[-1]).runs
        await dashboard.until(lambda: run.state != "running")
        assert run.state == "passed", run.failure
        assert [step.text for step in run.steps if step.text.startswith("send")] == [
            "send RECOG_EVENT_STOP|first",
            "send RECOG_EVENT_STOP|second",
        ]


@pytest.mark.parametrize("size", SIZES)
async def test_exchanges_of_remdis_are_lanes_beside_those_of_the_agent(
    size: tuple[int, int], tmp_path: Path
) -> None:
    path = tmp_path / "remdis.jsonl"
    begin = 1_700_000_000.0
    agents = [
        Event(1, begin + 1.9, "received", "chat", "LIPSYNC_EVENT_START", "gene"),
        Event(2, begin + 2.9, "received", "chat", "LIPSYNC_EVENT_STOP", "gene"),
    ]
    events = sorted([*events_of(turn(), begin), *agents], key=lambda event: event.time)
    path.write_bytes(b"".join(map(json_line, events)))
    async with opened(path, size=size) as dashboard:
        await complete(dashboard)
        await shown(dashboard, "T")
        await dashboard.press("g")
        lanes = dashboard.panes.views.timeline.lanes
        await dashboard.until(lambda: lanes.row_count == len(EXCHANGES) + 1)
        names = [lanes.row_parts(row, 0, 0)[0].text.strip() for row in range(lanes.row_count)]
        assert names == ["chat gene li…" if size[0] == 80 else "chat gene lips", *EXCHANGES]
        assert all(name in dashboard.screen() for name in names)
        await shown(dashboard, "C")
        await dashboard.until(lambda: "user ▏ 今日は天気は" in dashboard.screen())
        assert "remdis ▏ 晴れです。" in dashboard.screen()
        parts = " = 0.20 decided + 0.30 voice" if size[0] > 80 else ""
        assert f"0.50 s{parts}" in dashboard.screen()


async def test_the_title_says_whole_parts_or_none(tmp_path: Path) -> None:
    state = "held · 3 new · end follows · cleared, ctrl+z undoes it"
    async with running_dashboard(tmp_path) as dashboard:
        tabs = "Events │ Conversation │ Timeline"
        for width, said in (
            (100, state),
            (76, "held · 3 new · cleared, ctrl+z undoes it"),
            (50, "held · 3 new"),
            (40, "held"),
        ):
            assert dashboard.panes.views.title(state, width).plain == f"{tabs} · {said}"
        assert dashboard.panes.views.title(state, 34).plain == tabs
        followed = "following · cleared, ctrl+z undoes it · in memory from #9, older ones are gone"
        whole = len(f"{tabs} · {followed}")
        assert dashboard.panes.views.title(followed, whole).plain == f"{tabs} · {followed}"
        short = "following · cleared, ctrl+z undoes it"
        assert dashboard.panes.views.title(followed, whole - 1).plain == f"{tabs} · {short}"
        one_less = "held · 3 new · in memory from #9, older ones are gone"
        held = one_less.replace(" new", " new · end follows")
        assert dashboard.panes.views.title(held, len(f"{tabs} · {held}") - 1).plain.endswith(
            one_less
        )


async def test_the_focus_goes_straight_to_the_view_that_is_shown(tmp_path: Path) -> None:
    async with running_dashboard(tmp_path) as dashboard:
        panes = dashboard.panes
        focused: list[Widget | None] = []

        def note(widget: Widget | None) -> None:
            focused.append(widget)

        dashboard.app.watch(panes, "focused", note, init=False)
        await dashboard.press("T")
        await dashboard.press("s")
        await dashboard.pilot.pause(0.1)
        assert focused == [panes.views.timeline.lanes, panes.stream]


async def test_the_view_gets_the_focus_of_a_pane_that_is_hidden(tmp_path: Path) -> None:
    async with running_dashboard(tmp_path) as dashboard:
        panes = dashboard.panes
        panes.set_focus(panes.detail)
        await dashboard.pilot.resize_terminal(80, 20)
        await dashboard.until(lambda: panes.focused is panes.stream)


async def test_a_terminal_without_the_focus_has_none_inside(tmp_path: Path) -> None:
    async with running_dashboard(tmp_path) as dashboard:
        dashboard.app.post_message(AppBlur())
        await dashboard.until(lambda: dashboard.panes.focused is None)
        await dashboard.pilot.pause(0.1)
        assert dashboard.panes.focused is None
        dashboard.app.post_message(AppFocus())
        await dashboard.until(lambda: dashboard.panes.focused is dashboard.panes.stream)
