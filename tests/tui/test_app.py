"""The dashboard, driven by its keys and the mouse, with a real hub and simulated agents."""

import re
from pathlib import Path

import pytest
from textual.widgets import Input
from websockets.asyncio.server import ServerConnection

from mdxdash.tui.screens.help import HelpScreen
from mdxdash.tui.screens.quit import QuitDialog
from mdxdash.wire.message import Message
from tests.support.dashboards import running_dashboard
from tests.support.upstream_servers import user_server


async def test_while_nobody_is_there_it_says_where_it_waits_and_what_the_mdf_needs(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.until(lambda: f"at {dashboard.hub.url}" in dashboard.screen())
        for line in dashboard.hub.mdf_lines:
            assert line in dashboard.screen()
        await dashboard.press("w")
        assert dashboard.app.clipboard == "\n".join(dashboard.hub.mdf_lines) + "\n"


async def test_the_test_message_macro_starts_and_its_rows_are_acknowledged(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await dashboard.press("1")
        await dashboard.until(lambda: any(e.round_trip for e in dashboard.log if e.kind == "sent"))
        await dashboard.until(lambda: "✓" in dashboard.screen())
        assert dashboard.app.runner.is_running(dashboard.app.runner.macros[0])
        await dashboard.press("1")
        assert not dashboard.app.runner.is_running(dashboard.app.runner.macros[0])


async def test_the_filter_line_leaves_only_what_it_names_and_moves_the_switches(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.say(agent, "RECOG_EVENT_STOP|こんにちは", "SYNTH_START|0|mei|はい", "OTHER")
        await dashboard.press("slash")
        await dashboard.type("type:SYNTH_*")
        await dashboard.press("enter")
        await dashboard.until(lambda: dashboard.rows() == ["SYNTH_START"])
        await dashboard.until(lambda: "■ SYNTH_START" in dashboard.screen())
        assert "□ OTHER" in dashboard.screen()
        assert dashboard.app.stream.has_focus


async def test_switching_a_type_edits_the_filter(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.say(agent, "A_TYPE", "B_TYPE", "A_TYPE")
        await dashboard.until(lambda: "A_TYPE" in dashboard.screen())
        await dashboard.press("t", "home", "space")
        assert dashboard.app.filter_bar.text == "-type:A_TYPE"
        await dashboard.until(lambda: "A_TYPE" not in dashboard.rows())
        await dashboard.press("space")
        assert dashboard.app.filter_bar.text == ""
        await dashboard.press("down", "o")
        assert dashboard.app.filter_bar.text == "type:B_TYPE"


async def test_a_click_switches_a_type_too(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.say(agent, "A_TYPE")
        await dashboard.until(lambda: dashboard.app.types_pane.row_count == 1)
        await dashboard.pilot.click("#types", offset=(5, 1))
        await dashboard.pilot.pause()
        assert dashboard.app.filter_bar.text == "-type:A_TYPE"


async def test_a_mistake_in_the_filter_is_shown_and_the_last_good_one_stays(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.say(agent, "A_TYPE", "B_TYPE")
        await dashboard.press("slash")
        await dashboard.type("type:A_TYPE (")
        await dashboard.until(lambda: "^" in dashboard.screen())
        assert dashboard.rows() == ["A_TYPE"]


async def test_rows_stay_where_they_are_while_one_reads(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.say(agent, *(f"NUMBER|{n}" for n in range(100)))
        stream = dashboard.app.stream
        await dashboard.until(lambda: stream.row_count > 100)
        await dashboard.press("up", "up")
        top, current = stream.scroll_offset.y, stream.current
        assert not stream.following
        await dashboard.say(agent, *(f"LATER|{n}" for n in range(200)))
        await dashboard.until(lambda: stream.row_count > 300)
        assert (stream.scroll_offset.y, stream.current) == (top, current)
        await dashboard.until(lambda: "200 new" in dashboard.screen())
        await dashboard.press("end")
        assert stream.following
        assert stream.current is not None
        assert stream.current.args == "199"


async def test_a_command_is_typed_sent_and_acknowledged(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await dashboard.press("c")
        await dashboard.type("HELLO|日本語 です")
        await dashboard.press("enter")
        await dashboard.until(lambda: any(e.round_trip for e in dashboard.log if e.kind == "sent"))
        sent = next(event for event in dashboard.log if event.kind == "sent")
        assert (sent.type, sent.args) == ("HELLO", "日本語 です")
        assert dashboard.app.composer.input.value == ""
        await dashboard.until(lambda: dashboard.kept == ["HELLO|日本語 です"])
        await dashboard.press("up")
        assert dashboard.app.composer.input.value == "HELLO|日本語 です"


@pytest.mark.parametrize(
    ("line", "says"), [("", "W101"), ("|A", "W105"), ("A|" + "x" * 2500, "W104")]
)
async def test_what_cannot_be_sent_says_why_and_stays_in_the_line(
    tmp_path: Path, line: str, says: str
):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await dashboard.press("c")
        dashboard.app.composer.input.value = line
        await dashboard.press("enter")
        await dashboard.until(lambda: says in dashboard.screen())
        assert dashboard.app.composer.input.value == line
        assert not any(event.kind == "sent" for event in dashboard.log)


async def test_a_risky_command_asks_and_a_second_enter_sends_it(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await dashboard.press("c")
        dashboard.app.composer.input.value = "OPEN_CONTENT|other.mdf"
        await dashboard.press("enter")
        await dashboard.until(lambda: "Enter again sends it all the same" in dashboard.screen())
        assert not any(event.kind == "sent" for event in dashboard.log)
        await dashboard.press("enter")
        await dashboard.until(lambda: any(event.kind == "sent" for event in dashboard.log))


async def test_typing_completes_from_the_catalog_and_from_living_names(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.say(agent, "MODEL_EVENT_ADD|gene")
        await dashboard.press("c")
        await dashboard.type("SYN")
        await dashboard.until(lambda: "SYNTH_START" in dashboard.screen())
        await dashboard.press("tab", "tab")
        await dashboard.type("mei|こんにちは")
        assert dashboard.app.composer.input.value == "SYNTH_START|gene|mei|こんにちは"
        await dashboard.press("enter")
        await dashboard.until(lambda: any(e.round_trip for e in dashboard.log if e.kind == "sent"))
        await dashboard.say(agent, "SYNTH_EVENT_START|gene", "SYNTH_EVENT_STOP|gene")
        sent = next(event for event in dashboard.log if event.kind == "sent")
        await dashboard.press("escape", "escape", "up")
        dashboard.app.stream.select_event(sent.seq)
        await dashboard.until(lambda: "answered by  SYNTH_EVENT_STOP" in dashboard.screen())
        assert "answered by  SYNTH_EVENT_START" in dashboard.screen()
        await dashboard.press("right_square_bracket")
        current = dashboard.app.stream.current
        assert current is not None
        assert current.type == "SYNTH_EVENT_START"
        await dashboard.press("left_square_bracket")
        assert dashboard.app.stream.current == dashboard.log[sent.seq]


async def test_pasted_lines_are_sent_in_order(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await dashboard.press("c")
        lines = [f"NUMBER|{n}" for n in range(500)]
        from textual.events import Paste

        dashboard.app.composer.input.post_message(Paste("\n".join(lines)))
        await dashboard.until(lambda: dashboard.app.composer.area.has_focus)
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
        assert dashboard.app.composer.border_title == "Compose → chat-1"
        await dashboard.type("ONLY_FOR_ONE")
        await dashboard.press("enter")
        await dashboard.until(lambda: any(event.kind == "sent" for event in dashboard.log))
        assert [e.agent for e in dashboard.log if e.kind == "sent"] == ["chat-1"]


async def test_marks_are_set_and_gone_to(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.say(agent, *(f"NUMBER|{n}" for n in range(20)))
        await dashboard.press("up", "b", "up", "up", "up", "b", "home", "n")
        stream = dashboard.app.stream
        assert stream.current is not None
        assert stream.current.args == "15"
        await dashboard.press("n")
        assert stream.current.args == "18"
        await dashboard.press("N")
        assert stream.current.args == "15"


async def test_rows_are_copied_alone_and_together(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.say(agent, "ONE", "TWO", "THREE")
        await dashboard.press("up", "y")
        assert dashboard.app.clipboard.endswith("← chat TWO")
        await dashboard.press("shift+up", "y")
        first, second = dashboard.app.clipboard.splitlines()
        assert first.endswith("← chat ONE")
        assert second.endswith("← chat TWO")


async def test_clearing_the_view_loses_nothing(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.say(agent, "ONE")
        await dashboard.press("x")
        assert dashboard.rows() == []
        assert any(event.type == "ONE" for event in dashboard.log)


async def test_quitting_with_agents_asks_first_and_y_confirms(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.agent()
        await dashboard.press("q")
        assert isinstance(dashboard.app.screen, QuitDialog)
        assert "does not survive" in dashboard.screen()
        await dashboard.press("n")
        assert dashboard.app.is_running
        await dashboard.press("q", "y")
        await dashboard.until(lambda: not dashboard.app.is_running)
        assert dashboard.hub.connected == ()


async def test_quitting_without_agents_asks_nothing(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.press("q")
        await dashboard.until(lambda: not dashboard.app.is_running)


@pytest.mark.parametrize("key", ["question_mark", "f1"])
async def test_help_names_every_key_and_the_filter_language(tmp_path: Path, key: str):
    async with running_dashboard(tmp_path, size=(160, 120)) as dashboard:
        await dashboard.press(key)
        assert isinstance(dashboard.app.screen, HelpScreen)
        screen = dashboard.screen()
        for text in ("Type a filter", "Copy the row", "is:echo", "Save what is written as a macro"):
            assert text in screen


async def test_function_keys_act_in_a_text_field_too(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.press("c", "1", "q")
        assert dashboard.app.composer.input.value == "1q"
        await dashboard.press("f3")
        assert isinstance(dashboard.app.focused, Input)
        assert dashboard.app.focused is dashboard.app.filter_bar.input


async def test_in_a_narrow_terminal_the_side_column_comes_when_it_is_asked_for(tmp_path: Path):
    async with running_dashboard(tmp_path, size=(80, 24)) as dashboard:
        side = dashboard.app.query_one("#side")
        assert not side.display
        await dashboard.press("t")
        assert side.display
        await dashboard.press("escape")
        assert not side.display


async def test_a_macro_is_added_by_the_form_and_the_file_keeps_its_comments(tmp_path: Path):
    text = '# mine\n[[macro]]\nname = "Old"  # kept\nsend = "OLD"\n'
    async with running_dashboard(tmp_path, macros=text) as dashboard:
        await dashboard.press("c")
        await dashboard.type("NEW_ONE|a")
        await dashboard.press("ctrl+s")
        await dashboard.type("New")
        await dashboard.press("tab")
        await dashboard.type("2")
        await dashboard.press("ctrl+s")
        await dashboard.until(lambda: len(dashboard.app.runner.macros) == 2)
        written = (tmp_path / "mdxdash.toml").read_text(encoding="utf-8")
        assert written.startswith(text)
        assert 'send = "NEW_ONE|a"' in written
        await dashboard.agent()
        await dashboard.press("escape", "2")
        await dashboard.until(lambda: any(e.type == "NEW_ONE" for e in dashboard.log))


async def test_a_change_of_the_macro_file_on_disk_is_taken_over(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        file = tmp_path / "mdxdash.toml"
        file.write_text('[[macro]]\nname = "Fresh"\nsend = "A"\n', encoding="utf-8")
        await dashboard.until(lambda: dashboard.app.runner.macros[0].name == "Fresh")
        file.write_text('[[macro]]\nname = "Fresh"\nsned = "A"\n', encoding="utf-8")
        await dashboard.until(lambda: "mdxdash.toml:3" in dashboard.screen())
        assert dashboard.app.runner.macros[0].name == "Fresh"


async def test_a_refused_web_page_is_shown(tmp_path: Path):
    from websockets.asyncio.client import connect
    from websockets.exceptions import InvalidStatus

    async with running_dashboard(tmp_path) as dashboard:
        with pytest.raises(InvalidStatus):
            async with connect(dashboard.hub.url, origin="http://example.com"):  # type: ignore[arg-type]
                pass
        await dashboard.until(lambda: "http://example.com" in dashboard.screen())


async def test_what_the_network_sends_is_inert(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        agent = await dashboard.agent()
        await dashboard.say(agent, "EVIL|[bold]x[/bold]|\x1b[31m|\u202eabc")
        await dashboard.until(lambda: "EVIL" in dashboard.screen())
        screen = dashboard.screen()
        assert "[bold]x[/bold]|␛[31m|<U+202E>abc" in screen
        assert "\x1b" not in screen
        assert "\u202e" not in screen


async def test_the_connections_are_shown_with_handshake_numbers_causes_and_who_was_turned_away(
    tmp_path: Path,
):
    from websockets.asyncio.client import connect
    from websockets.exceptions import InvalidStatus

    async with running_dashboard(tmp_path, size=(160, 80)) as dashboard:
        agent = await dashboard.agent()
        await dashboard.say(agent, "SAID|1")
        dashboard.hub.send(Message("TEST"))
        await dashboard.until(lambda: dashboard.hub.agents[0].counts.round_trips)
        with pytest.raises(InvalidStatus):
            async with connect(f"ws://localhost:{dashboard.hub.port}/wrong"):
                pass
        await dashboard.press("v")
        await dashboard.until(lambda: "/wrong, expected /chat" in dashboard.screen())
        for text in (
            "X-App-Type: MMDAgent",
            "in  lines 2   frames 2   bytes 12",
            "out  lines 1   frames 1   bytes 5",
            "the last 1",
            "0 of 10,000 lines",
        ):
            assert text in dashboard.screen()
        dashboard.agents[0].cancel()
        await dashboard.until(lambda: not dashboard.hub.connected)
        await dashboard.until(lambda: "○ disconnected" in dashboard.screen())
        await dashboard.press("escape")
        assert len(dashboard.app.screen_stack) == 1


async def test_no_header_that_holds_a_password_is_shown(tmp_path: Path):
    from websockets.asyncio.client import connect

    async with running_dashboard(tmp_path, size=(160, 60)) as dashboard:
        headers = {"Authorization": "Bearer abcdefgh"}
        async with connect(dashboard.hub.url, additional_headers=headers):
            await dashboard.until(lambda: dashboard.hub.connected)
            await dashboard.press("v")
            await dashboard.until(lambda: "Authorization: ***" in dashboard.screen())
            assert "abcdefgh" not in dashboard.screen()


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


async def test_several_agents_have_letters_in_their_pane_and_in_the_stream(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        await dashboard.say(await dashboard.agent(), "ALONE")
        await dashboard.until(lambda: "← chat" in dashboard.screen())
        await dashboard.say(await dashboard.agent("/chat-1"), "SECOND")
        await dashboard.until(lambda: "← A chat   ALONE" in dashboard.screen())
        await dashboard.until(lambda: "← B chat-1 SECOND" in dashboard.screen())
        await dashboard.until(lambda: "● B chat-1" in dashboard.screen())


async def test_the_agents_pane_tells_the_rate_of_each_agent(tmp_path: Path):
    async with running_dashboard(tmp_path) as dashboard:
        quiet, busy = await dashboard.agent("/chat-1"), await dashboard.agent()
        await dashboard.say(quiet, "ONCE")

        def rate() -> bool:
            busy.issue("AGAIN")
            return bool(re.search(r"← [\d,]+  → 0  \d+/s", dashboard.screen()))

        await dashboard.until(rate)


async def test_behind_a_relay_three_ways_are_told_apart_and_the_servers_state(tmp_path: Path):
    async def greet(connection: ServerConnection) -> None:
        await connection.send("FROM_SERVER\n")

    async with (
        user_server(greet) as server,
        running_dashboard(tmp_path, relay=server.url) as dashboard,
    ):
        agent = await dashboard.agent()
        await dashboard.until(lambda: "⇄ server" in dashboard.screen())
        await dashboard.say(agent, "FROM_AGENT")
        dashboard.hub.send(Message("FROM_HERE"))
        for row in ("⇐ chat FROM_AGENT", "⇒ chat FROM_SERVER", "→ chat FROM_HERE", "◆ chat server"):
            await dashboard.until(lambda row=row: row in dashboard.screen())
        await server.kill()
        await dashboard.until(lambda: "⇄ server away" in dashboard.screen())
