"""The composer: typing, completing, sending, the history, the target."""

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.events import Paste
from textual.widgets import Input

from mdxdash.catalog.dissect import _recently_split
from tests.support.dashboards import Dashboard, running_dashboard


async def test_a_command_is_typed_sent_and_acknowledged(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await dashboard.press("c")
        await dashboard.type("HELLO|日本語 です")
        await dashboard.press("enter")
        await dashboard.until(lambda: any(e.round_trip for e in dashboard.log if e.kind == "sent"))
        sent = next(event for event in dashboard.log if event.kind == "sent")
        assert (sent.type, sent.args) == ("HELLO", "日本語 です")
        assert dashboard.panes.composer.input.value == ""
        history = tmp_path / "history.txt"
        await dashboard.until(history.exists)
        assert history.read_text(encoding="utf-8") == "HELLO|日本語 です\n"
        await dashboard.press("up")
        assert dashboard.panes.composer.input.value == "HELLO|日本語 です"


@pytest.mark.parametrize(("line", "says"), [("|A", "W105"), ("A|" + "x" * 2500, "W104")])
async def test_a_line_that_cannot_be_sent_stays_with_the_reason(
    tmp_path: Path, line: str, says: str
):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await dashboard.press("c")
        dashboard.panes.composer.input.value = line
        await dashboard.press("enter")
        await dashboard.until(lambda: says in dashboard.screen())
        assert dashboard.panes.composer.input.value == line
        assert not any(event.kind == "sent" for event in dashboard.log)


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_enter_on_an_empty_line_does_nothing(tmp_path: Path, size: tuple[int, int]):
    async with running_dashboard(tmp_path, size=size) as dashboard:
        await dashboard.agent()
        await dashboard.press("c", "enter")
        assert dashboard.panes.composer._note.content == ""
        assert not any(event.kind == "sent" for event in dashboard.log)


async def test_what_was_sent_is_said_for_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    ends: list[Callable[[], None]] = []
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        composer = dashboard.panes.composer
        monkeypatch.setattr(composer, "set_timer", lambda _, end: ends.append(end))
        await dashboard.press("c")
        await dashboard.type("HELLO")
        await dashboard.press("enter")
        await dashboard.until(lambda: "sent HELLO" in dashboard.screen())
        ends[-1]()
        await dashboard.until(lambda: "sent HELLO" not in dashboard.screen())


async def test_a_risky_command_asks_and_a_second_enter_sends_it(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await dashboard.press("c")
        dashboard.panes.composer.input.value = "OPEN_CONTENT|other.mdf"
        await dashboard.press("enter")
        await dashboard.until(lambda: "Enter again sends it anyway" in dashboard.screen())
        assert not any(event.kind == "sent" for event in dashboard.log)
        await dashboard.press("enter")
        await dashboard.until(lambda: any(event.kind == "sent" for event in dashboard.log))


async def test_typing_completes_from_the_catalog_and_from_announced_names(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.issue(agent, "MODEL_EVENT_ADD|gene")
        await dashboard.press("c")
        await dashboard.type("SYN")
        await dashboard.until(lambda: "SYNTH_START" in dashboard.screen())
        await dashboard.press("tab", "tab")
        await dashboard.type("mei|こんにちは")
        assert dashboard.panes.composer.input.value == "SYNTH_START|gene|mei|こんにちは"
        await dashboard.press("enter")
        await dashboard.until(lambda: any(e.round_trip for e in dashboard.log if e.kind == "sent"))
        await dashboard.issue(agent, "SYNTH_EVENT_START|gene", "SYNTH_EVENT_STOP|gene")
        sent = next(event for event in dashboard.log if event.kind == "sent")
        await dashboard.press("escape", "escape", "up")
        dashboard.panes.stream.select_event(sent.seq)
        await dashboard.until(lambda: "reply  SYNTH_EVENT_STOP" in dashboard.screen())
        assert "reply  SYNTH_EVENT_START" in dashboard.screen()
        await dashboard.press("right_square_bracket")
        current = dashboard.panes.stream.current
        assert current is not None
        assert current.type == "SYNTH_EVENT_START"
        await dashboard.press("left_square_bracket")
        assert dashboard.panes.stream.current == dashboard.log[sent.seq]


async def test_pasted_lines_are_sent_in_order(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await dashboard.press("c")
        lines = [f"NUMBER|{n}" for n in range(500)]
        dashboard.panes.composer.input.post_message(Paste("\n".join(lines)))
        await dashboard.until(lambda: dashboard.panes.composer.area.has_focus)
        await dashboard.press("f9")
        await dashboard.until(lambda: sum(e.echo is not None for e in dashboard.log) == len(lines))
        sent = [f"{e.type}|{e.args}" for e in dashboard.log if e.kind == "sent"]
        assert sent == lines
        assert "sent 500 lines" in dashboard.screen()


async def test_the_target_goes_round_the_agents(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await dashboard.agent("/chat-1")
        await dashboard.press("c", "ctrl+t", "ctrl+t")
        assert dashboard.panes.composer.border_title == "Compose → chat-1"
        await dashboard.type("ONLY_FOR_ONE")
        await dashboard.press("enter")
        await dashboard.until(lambda: any(event.kind == "sent" for event in dashboard.log))
        assert [e.agent for e in dashboard.log if e.kind == "sent"] == ["chat-1"]


async def test_the_target_goes_on_from_the_agents_to_the_groups(tmp_path: Path):
    # A group may be called as an agent is: each is meant by itself.
    groups = {"chat": ("chat", "chat-1")}
    async with running_dashboard(tmp_path, groups=groups) as dashboard:
        await dashboard.agent()
        await dashboard.agent("/chat-1")
        await dashboard.press("c")
        await dashboard.type("A")
        for shown, sent_to in (
            ("Compose → chat ─", ["chat"]),
            ("Compose → chat-1 ─", ["chat-1"]),
            ("Compose → group chat (chat, chat-1) ─", ["chat", "chat-1"]),
            ("Compose → all agents ─", ["chat", "chat-1"]),
        ):
            before = dashboard.log.next_seq
            await dashboard.press("ctrl+t")
            await dashboard.until(lambda shown=shown: shown in dashboard.screen())
            await dashboard.press("enter", "up")
            await dashboard.until(
                lambda before=before, sent_to=sent_to: (
                    sent_to
                    == sorted(
                        e.agent for e in dashboard.log if e.kind == "sent" and e.seq >= before
                    )
                )
            )


async def test_function_keys_act_in_a_text_field_too(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.press("c", "1", "q")
        assert dashboard.panes.composer.input.value == "1q"
        await dashboard.press("f3")
        assert isinstance(dashboard.app.focused, Input)
        assert dashboard.app.focused is dashboard.panes.filter_bar.input


def composed(dashboard: Dashboard) -> str:
    """The text in the composer's line."""
    return dashboard.panes.composer.input.value


async def send(dashboard: Dashboard, *lines: str) -> None:
    """Writes lines into the composer and sends each."""
    for line in lines:
        dashboard.panes.composer.write([line])
        await dashboard.press("enter")


async def test_a_pressed_key_dissects_the_line_once(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.press("c")
        await dashboard.type("SYNTH_START|0|me")
        before = _recently_split.cache_info().misses
        await dashboard.press("i")
        assert composed(dashboard) == "SYNTH_START|0|mei"
        assert _recently_split.cache_info().misses == before + 1


async def test_up_and_down_go_through_the_sent_lines_to_an_empty_one(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await dashboard.press("c")
        await send(dashboard, "FIRST", "SECOND", "SECOND")
        for key, line in (("up", "SECOND"), ("up", "FIRST"), ("up", "FIRST"), ("down", "SECOND")):
            await dashboard.press(key)
            assert composed(dashboard) == line
        await dashboard.press("down")
        assert composed(dashboard) == ""
        assert dashboard.app.context.history.lines == ["FIRST", "SECOND"]


async def test_a_search_finds_the_latest_earlier_line_that_contains_the_text(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await dashboard.press("c")
        await send(dashboard, "ONE|mei", "TWO", "THREE|Mei", "FOUR")
        dashboard.panes.composer.write(["mei"])
        await dashboard.press("ctrl+r")
        assert composed(dashboard) == "THREE|Mei"
        dashboard.panes.composer.write(["mei"])
        await dashboard.press("ctrl+r")
        assert composed(dashboard) == "ONE|mei"
        await dashboard.press("ctrl+r")
        await dashboard.until(lambda: "no earlier line contains that" in dashboard.screen())
        assert composed(dashboard) == "ONE|mei"


async def test_of_several_lines_those_after_a_refused_one_stay(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await dashboard.press("c")
        dashboard.panes.composer.write(["GOOD", "|BAD", "AFTER"])
        await dashboard.press("f9")
        await dashboard.until(lambda: "1 sent; W105" in dashboard.screen())
        assert dashboard.panes.composer.lines == ["|BAD", "AFTER"]
        assert [event.type for event in dashboard.log if event.kind == "sent"] == ["GOOD"]


async def test_the_mode_for_several_lines_takes_the_line_along_and_back(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.press("c")
        await dashboard.type("OWN")
        await dashboard.press("ctrl+e")
        assert dashboard.panes.composer.area.text == "OWN"
        await dashboard.press("end", "enter", "T", "ctrl+e")
        await dashboard.until(lambda: "there are several lines" in dashboard.screen())
        assert dashboard.panes.composer.area.display
        await dashboard.press("backspace", "backspace", "ctrl+e")
        assert composed(dashboard) == "OWN"
        assert dashboard.panes.composer.input.has_focus


async def test_escape_closes_the_suggestions_first_and_then_leaves(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.press("c")
        await dashboard.type("SYN")
        assert dashboard.panes.composer.suggestions.display
        await dashboard.press("escape")
        assert not dashboard.panes.composer.suggestions.display
        assert dashboard.panes.composer.input.has_focus
        await dashboard.press("escape")
        await dashboard.until(lambda: dashboard.panes.stream.has_focus)


async def test_a_changed_line_is_asked_about_anew(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await dashboard.press("c")
        await send(dashboard, "OPEN_CONTENT|other.mdf")
        await dashboard.press("x", "enter")
        assert not any(event.kind == "sent" for event in dashboard.log)
        await dashboard.until(lambda: "sends it anyway" in dashboard.screen())


async def test_with_no_agent_the_line_stays(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.press("c")
        await send(dashboard, "HELLO")
        await dashboard.until(lambda: "no agent to send it to is connected" in dashboard.screen())
        assert composed(dashboard) == "HELLO"


async def paste(dashboard: Dashboard, *lines: str) -> None:
    """Pastes lines into the composer."""
    dashboard.panes.composer.input.post_message(Paste("\n".join(lines)))
    await dashboard.until(lambda: dashboard.panes.composer.area.has_focus)


def sent_lines(dashboard: Dashboard) -> list[str]:
    """What was sent, in order."""
    return [f"{e.type}|{e.args}" for e in dashboard.log if e.kind == "sent"]


async def test_what_is_found_in_pasted_lines_is_shown_with_their_numbers(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await dashboard.press("c")
        await paste(dashboard, "MY_EVENT|x", "", "MODEL_DELETE|a|b", "and more text")
        await dashboard.until(lambda: "line 4: A315" in dashboard.screen())
        assert "line 3: H404" in dashboard.screen()
        assert "3 lines; F9 sends them in this order" in dashboard.screen()


async def test_what_is_asked_about_in_several_lines_is_asked_once(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await dashboard.press("c")
        await paste(dashboard, "SPEAK_START|0|a.wav", "SPEAK_START|0|b.wav", "some more text")
        await dashboard.press("f9")
        await dashboard.until(lambda: "F9 again sends all anyway" in dashboard.screen())
        assert "line 2: A304" in dashboard.screen()
        assert "line 3: A315" in dashboard.screen()
        assert sent_lines(dashboard) == []
        await dashboard.press("f9")
        await dashboard.until(lambda: len(sent_lines(dashboard)) == 3)
        assert dashboard.panes.composer.lines == [""]


async def test_running_text_is_asked_about(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await dashboard.press("c")
        await send(dashboard, "hello to all")
        await dashboard.until(lambda: "Enter again sends it anyway: A315" in dashboard.screen())
        assert sent_lines(dashboard) == []


@pytest.mark.parametrize("key", ["tab", "ctrl+g"])
async def test_a_head_in_full_width_is_corrected_by_one_key(tmp_path: Path, key: str):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await dashboard.press("c")
        dashboard.panes.composer.input.value = "ＳＹＮＴＨ_ＳＴＡＲＴ｜0｜mei｜こんにちは！"
        dashboard.panes.composer.input.action_end()
        await dashboard.press("enter")
        await dashboard.until(lambda: "Enter again sends it anyway: A314" in dashboard.screen())
        assert "ctrl+g corrects" in dashboard.screen()
        await dashboard.press(key)
        assert composed(dashboard) == "SYNTH_START|0|mei|こんにちは！"
        await dashboard.press("enter")
        await dashboard.until(lambda: sent_lines(dashboard) == ["SYNTH_START|0|mei|こんにちは！"])


async def test_heads_in_full_width_are_corrected_in_several_lines(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await dashboard.press("c")
        await paste(dashboard, "ＭＹ_ＥＶＥＮＴ｜一", "OTHER|二｜三")
        await dashboard.press("ctrl+g", "f9")
        await dashboard.until(lambda: len(sent_lines(dashboard)) == 2)
        assert sent_lines(dashboard) == ["MY_EVENT|一", "OTHER|二｜三"]


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_a_type_shows_what_comes_next_before_its_first_bar(
    tmp_path: Path, size: tuple[int, int]
):
    async with running_dashboard(tmp_path, size=size) as dashboard:
        await dashboard.press("c")
        await dashboard.type("SYNTH_STAR")
        await dashboard.until(lambda: "model alias | voice alias | text" in dashboard.screen())
        await dashboard.press("down")
        await dashboard.until(lambda: "model alias | voice alias" not in dashboard.screen())
        await dashboard.type("T")
        await dashboard.until(lambda: "model alias | voice alias | text" in dashboard.screen())
