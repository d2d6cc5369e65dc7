"""mdxdash as a library: host agents, send messages to them, wait for their events, run macros.

A dialogue test is a pytest test:

    async with mdxdash.Hub(port=0) as hub:
        agent = await hub.agent(timeout=30)
        await agent.send("VALUE_SET", "score", 10)
        event = await agent.expect("type:VALUE_EVENT_SET args:score", timeout=5)

All times are seconds. Filters are those of the event stream. Importing it does not load Textual.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Final, Self

from mdxdash.catalog.user_words import user_says
from mdxdash.dialogue.turn import Turn
from mdxdash.events.event import By, Event
from mdxdash.events.log import DEFAULT_BYTES_LIMIT, DEFAULT_LIMIT, EventLog
from mdxdash.events.text import text_line
from mdxdash.filters.filter import Context, parse
from mdxdash.hub.address import CannotListen
from mdxdash.hub.agent import HubAgent
from mdxdash.hub.server import HubServer
from mdxdash.hub.targets import ALL
from mdxdash.language.translation import N_
from mdxdash.macros.files.toml_form import read_macros
from mdxdash.macros.files.toml_steps import filter_from_text
from mdxdash.macros.model import DEFAULT_TIMEOUT, ExpectStep, Macro
from mdxdash.macros.running.event_matching import event_matcher
from mdxdash.macros.running.next_turn import NextTurn
from mdxdash.macros.running.run_log import RECENT_KEPT, RunRecord
from mdxdash.macros.running.runner import MacroRunner
from mdxdash.remote.tap import add_tap
from mdxdash.settings.command_sections import VoiceSettings
from mdxdash.settings.hub_section import HubSettings
from mdxdash.settings.model import SpeechSettings
from mdxdash.settings.toml_source import SettingsError, read_toml
from mdxdash.speech.control import CannotSpeak
from mdxdash.speech.engine import SpeechEngine
from mdxdash.speech.sources.sound import Samples, Sound
from mdxdash.speech.sources.sound_file import SoundFile
from mdxdash.speech.utterance import Utterance
from mdxdash.wire.message import SEPARATOR, Message, parse_message

__all__ = [
    "Agent",
    "CannotListen",
    "CannotSpeak",
    "Event",
    "ExpectTimeout",
    "Hub",
    "Macro",
    "MacroFailed",
    "Message",
    "NoAgent",
    "Refused",
    "RunRecord",
    "SettingsError",
    "SpeechSettings",
    "Turn",
    "Unexpected",
    "Utterance",
    "VoiceSettings",
    "load_macros",
]

_EVENTS_AT_ONCE: Final = 1000
"""Events that `Agent.events` takes from the log at a time."""

_SENDER: Final[By] = "program"
"""As whom a script sends. Echoes of it are no news for the script itself."""

DEFAULT_AGENT_TIMEOUT: Final = 30.0
"""Seconds that `Hub.agent` waits at most if it is given no timeout."""


class NoAgent(TimeoutError):
    """No agent connected in time. The error's text names the hub's address and the lines that the
    agent's `.mdf` must have."""


class Refused(ValueError):
    """A message was not sent. The error's text gives the reason, and what it would have done."""


class Unexpected(AssertionError):
    """The agent did not do what was expected.

    `events` are its last events, oldest first; the error's text ends with them.
    """

    def __init__(self, message: str, events: Sequence[Event]) -> None:
        lines = [message, *(f"    {text_line(event)}" for event in events)]
        super().__init__("\n".join(lines))
        self.events = tuple(events)


class ExpectTimeout(Unexpected, TimeoutError):
    """No event passed the filter in time."""


class MacroFailed(Unexpected):
    """A macro failed or was stopped. `run` holds the steps that it did."""

    def __init__(self, run: RunRecord) -> None:
        super().__init__(
            N_('the macro "{macro}" {state}: {failure}').format(
                macro=run.macro, state=run.state, failure=run.failure
            ),
            run.recent,
        )
        self.run = run


def load_macros(path: str | Path) -> tuple[Macro, ...]:
    """Reads the macros of a TOML file.

    Args:
        path: The file; its settings, if it has any, are not read.

    Returns:
        The macros in the order of the file; the Test message macro if it has no `macro` key.

    Raises:
        SettingsError: The file cannot be read, or has an error; with file, line and what was
            expected.
    """
    return read_macros(read_toml(Path(path)))


class Agent:
    """An agent that is, or was, connected. `Hub.agent` and `Hub.agents` return it."""

    def __init__(self, agent: HubAgent, hub: "Hub", *, expect_from: int | None = None) -> None:
        """`expect_from` is the `seq` of the first event that counts for `expect`; None: of the
        next event."""
        self._agent = agent
        self.hub = hub
        self._expect_from = hub.log.next_seq if expect_from is None else expect_from

    @property
    def name(self) -> str:
        """`chat`, with `#2` for a second one."""
        return self._agent.name

    @property
    def connected(self) -> bool:
        """Whether its connection is open."""
        return self._agent.connected

    async def send(self, type: str, *arguments: object, sure: bool = False) -> None:
        """Sends a message: `send("VALUE_SET", "score", 10)`, or `send("VALUE_SET|score|10")`.

        It returns when the message is in the agent's send queue.

        Args:
            type: The message type; a whole line if there are no arguments.
            arguments: The arguments; each is converted with `str`.
            sure: Send the message also if it may harm the agent. A message that certainly harms it
                is never sent.

        Raises:
            Refused: The message would harm the agent, or may harm it and the caller is not `sure`;
                an argument holds a bar; the send queue is full; or the agent is gone.
        """
        texts = [str(argument) for argument in arguments]
        _refuse_bars((type, *texts) if texts else ())
        message = Message(type, SEPARATOR.join(texts)) if texts else parse_message(type)
        self._send(message, sure=sure, by=_SENDER)

    async def expect(
        self, filter: str, *, timeout: float = DEFAULT_TIMEOUT, forbidden: str | None = None
    ) -> Event:
        """Waits for the first event of the agent that passes a filter.

        Events since the last `send`, and after the event that `expect` returned last, count too: a
        reply is not missed while the test does something else. Echoes of what this script sent do
        not count, unless the filter mentions `is:echo`; those of what others sent do.

        Args:
            filter: The filter, as in the event stream; `{{` stands for a brace.
            timeout: Seconds to wait at most.
            forbidden: A filter; an event that passes it ends the wait.

        Returns:
            The event.

        Raises:
            ExpectTimeout: No event passed within the timeout, or within a minute after the agent
                disconnected and did not come back.
            Unexpected: An event passed the filter `forbidden`.
            ValueError: A filter cannot be parsed (`ValidationError`), or the timeout is not above
                0.
        """
        if timeout <= 0:
            raise ValueError(
                N_("expected a timeout above 0 seconds, got {timeout}").format(timeout=timeout)
            )
        step = ExpectStep(
            filter_from_text("filter", filter),
            None if forbidden is None else filter_from_text("forbidden", forbidden),
            timeout,
        )
        macro = Macro("expect", steps=(step,), overlap="allow")
        log = self.hub.log
        earlier = [
            event
            for event in log.slice(self._expect_from, log.next_seq)
            if event.agent == self.name
        ]
        record = await self._run(macro, {}, earlier, _SENDER)
        done = record.steps[-1]
        if record.state == "failed" and done.event is None:
            raise ExpectTimeout(f"{done.text}: {done.note}", record.recent)
        if record.state != "passed" or done.event is None:
            raise Unexpected(f"{done.text}: {done.note or record.state}", record.recent)
        self._expect_from = done.event.seq + 1
        return done.event

    async def ask(
        self,
        type: str,
        *arguments: object,
        reply: str,
        timeout: float = DEFAULT_TIMEOUT,
        sure: bool = False,
    ) -> Event:
        """Sends a message, and waits for its reply: `send`, and then `expect` with the filter
        `reply`. Returns the reply; raises what these two raise."""
        await self.send(type, *arguments, sure=sure)
        return await self.expect(reply, timeout=timeout)

    async def turn(self, words: str, *, timeout: float = DEFAULT_TIMEOUT) -> Turn:
        """Says words to the agent as its user would, and waits until it has answered and is quiet.

        What it says in answer is in the turn's `text`, how long the user waited in its `latency`.
        `expect` counts from the words on.

        Args:
            words: What the user says; the agent gets `RECOG_EVENT_STOP|words`.
            timeout: Seconds that the agent's voice may take to begin.

        Returns:
            The turn. It is not `complete` if the agent still speaks after a minute.

        Raises:
            Refused: The words cannot be sent: they hold a bar, or the agent is gone.
            ExpectTimeout: No voice began in time, or the agent disconnected.
            ValueError: The timeout is not above 0.
        """
        if timeout <= 0:
            raise ValueError(
                N_("expected a timeout above 0 seconds, got {timeout}").format(timeout=timeout)
            )
        log = self.hub.log
        with NextTurn(log, self.name, words) as following:
            _refuse_bars((words,))
            # As the user, not as this script: whoever follows the user hears it.
            self._send(user_says(words), sure=False, by="")
            turn = await following.wait(timeout)
        if turn is None or turn.answer is None:
            since = log.slice(self._expect_from, log.next_seq)
            events = [event for event in since if event.agent == self.name]
            raise ExpectTimeout(
                N_("no answer to {words!r} within {timeout:g} s").format(
                    words=words, timeout=timeout
                ),
                events[-RECENT_KEPT:],
            )
        return turn

    async def events(self, filter: str = "") -> AsyncIterator[Event]:
        """Yields the events of the agent that pass a filter, as they come, also when it has
        disconnected and come back; it ends only with the loop around it.

        It begins where `expect` would: with what came since the last `send`, or since the agent
        connected. Echoes of what this script sent do not count, unless the filter mentions
        `is:echo`; those of what others sent do, and of what `turn` said as the user. Events that
        have left memory before they are taken are passed over.

        Args:
            filter: The filter, as in the event stream; empty for all events.

        Raises:
            ValueError: The filter cannot be parsed.
        """
        matches = event_matcher(parse(filter), Context(now=time.time, marked=()), _SENDER)
        log, arrived = self.hub.log, asyncio.Event()
        unsubscribe = log.subscribe(lambda event: arrived.set())
        position = self._expect_from
        try:
            while True:
                arrived.clear()
                for event in log.slice(position, min(log.next_seq, position + _EVENTS_AT_ONCE)):
                    position = event.seq + 1
                    if event.agent == self.name and matches(event):
                        yield event
                position = max(position, log.first_seq)
                if position >= log.next_seq:
                    await arrived.wait()
        finally:
            unsubscribe()

    async def speak(
        self, sound: str | Path | bytes, *, model: str = "", text: str = ""
    ) -> Utterance:
        """Speaks a sound with moving lips, and waits until it has been spoken or stopped.

        Cancelling it stops what the model speaks.

        Args:
            sound: A sound file; or samples: 16 kHz, 16-bit, little-endian, mono.
            model: The alias of the model; empty for the first one that is there.
            text: What is said, if it is known; it is shown.

        Returns:
            The utterance; its `state` is `spoken` or `stopped`, and `stopped` says what was heard.

        Raises:
            CannotSpeak: The agent is gone or lacks the model, or the sound cannot be read.
        """
        source = Samples(sound) if isinstance(sound, bytes) else SoundFile(Path(sound))
        return await self._speak(source, model, text)

    async def say(self, text: str, *, voice: str = "", model: str = "") -> Utterance:
        """Says a text with a voice of the hub; otherwise as `speak`."""
        return await self._speak(self.hub.speech.spoken_text(text, voice), model, text)

    def stop_speech(self, model: str = "") -> None:
        """Stops what a model speaks, or all of them. What was sent is heard for a moment more."""
        self.hub.speech.stop_speech(self.name, model)

    async def _speak(self, sound: Sound, model: str, text: str) -> Utterance:
        speech = self.hub.speech
        utterance = speech.speak(self.name, sound, model=model, text=text)
        try:
            await speech.wait_until_over(utterance)
        except asyncio.CancelledError:
            speech.stop_speech(self.name, utterance.model)
            raise
        if utterance.state == "failed":
            raise CannotSpeak(utterance.failure)
        return utterance

    async def run(self, macro: Macro | str, **params: str) -> RunRecord:
        """Runs a macro once on this agent, and waits until it is over.

        Args:
            macro: The macro, or the name of one of the hub's macros.
            params: Values instead of the defaults of its parameters.

        Returns:
            What the run did.

        Raises:
            MacroFailed: A step failed, or the run was stopped.
            LookupError: The hub has no macro of that name.
            TypeError: The macro has no such parameter.
            RuntimeError: The macro runs on this agent already, and its `overlap` does not let
                another run begin.
        """
        found = self.hub.runner.find(macro) if isinstance(macro, str) else macro
        if found is None:
            raise LookupError(
                N_('no macro "{macro}": expected one of those that the hub was given').format(
                    macro=macro
                )
            )
        if wrong := found.without(params):
            raise TypeError(wrong)
        record = await self._run(found, params, ())
        if record.state != "passed":
            raise MacroFailed(record)
        self._expect_from = self.hub.log.next_seq
        return record

    def _send(self, message: Message, *, sure: bool, by: By) -> None:
        self._expect_from = self.hub.log.next_seq
        if reason := self.hub.runner.send(message, self.name, sure=sure, by=by):
            raise Refused(reason)

    async def _run(
        self,
        macro: Macro,
        params: Mapping[str, str],
        earlier: Sequence[Event],
        waits_as: By = "macro",
    ) -> RunRecord:
        runner = self.hub.runner
        record = runner.start(macro, self.name, params=params, earlier=earlier, waits_as=waits_as)
        if record is None:
            raise RuntimeError(
                N_('the macro "{name}" runs on {name2} already').format(
                    name=macro.name, name2=self.name
                )
            )
        try:
            await runner.wait_until_over(record)
        finally:
            runner.cancel(record)
        return record


def _refuse_bars(texts: Sequence[str]) -> None:
    """Raises `Refused` if a part of a message holds a bar."""
    for text in texts:
        if SEPARATOR in text:
            raise Refused(
                N_("{text!r} holds a bar: expected each argument by itself").format(text=text)
            )


async def _end(task: asyncio.Task[None]) -> None:
    """Cancels a task; raises the error with which it ended before."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


class Hub:
    """A WebSocket server that agents dial. Use it as an asynchronous context manager.

    Args:
        host: The address to listen on. Beyond loopback `settings` need a secret.
        port: The TCP port; 0 takes a free one.
        path: The path of the URL that agents dial.
        macros: Macros, or a TOML file of them. The triggers of those with `on` are switched on.
        settings: All settings of the hub; `host`, `port` and `path` are not used then.
        events: How many events stay in memory.
        event_bytes: How many bytes the events in memory may take.
        groups: Names for several agents, each with names and globs; a group can be a target.
        speech: How agents speak: the lead, and how long a sound may be.
        voices: Speech synthesisers by name, for `Agent.say`.

    Raises:
        SettingsError: The file of macros cannot be read, or has an error.
        CannotListen: On entering the context: the hub cannot listen on its address.
    """

    def __init__(
        self,
        *,
        host: str = "localhost",
        port: int = 9001,
        path: str = "/chat",
        macros: str | Path | Sequence[Macro] = (),
        settings: HubSettings | None = None,
        events: int = DEFAULT_LIMIT,
        event_bytes: int = DEFAULT_BYTES_LIMIT,
        groups: Mapping[str, Sequence[str]] = MappingProxyType({}),
        speech: SpeechSettings | None = None,
        voices: Mapping[str, VoiceSettings] = MappingProxyType({}),
    ) -> None:
        self.log = EventLog(events, event_bytes)
        """All events in their order; `log.subscribe` adds a function that gets each new one."""
        hub_settings = settings or HubSettings(host=host, port=port, path=path)
        self.server = HubServer(hub_settings, self.log, groups)
        add_tap(self.server)
        given = load_macros(macros) if isinstance(macros, str | Path) else tuple(macros)
        self.speech = SpeechEngine(self.server, self.log, speech or SpeechSettings(), voices=voices)
        """What the agents speak."""
        if isinstance(macros, str | Path):
            self.speech.folder = Path(macros).parent
        self.runner = MacroRunner(self.server, self.log, given, speech=self.speech)
        self._open = AsyncExitStack()

    @property
    def url(self) -> str:
        """The URL that agents dial: `ws://localhost:9001/chat`."""
        return self.server.url

    @property
    def port(self) -> int:
        """The TCP port; the one that was taken if 0 was given."""
        return self.server.port

    @property
    def agents(self) -> tuple[Agent, ...]:
        """The agents that are connected."""
        return tuple(Agent(agent, self) for agent in self.server.connected)

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.server)
            stack.push_async_callback(self.speech.close)
            # No TaskGroup: it would wrap what the caller's own block raises in an ExceptionGroup.
            stack.push_async_callback(_end, asyncio.create_task(self.runner.run()))
            await self.runner.started.wait()
            self._open = stack.pop_all()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._open.__aexit__(exc_type, exc, traceback)

    async def agent(
        self, target: str | None = None, *, timeout: float = DEFAULT_AGENT_TIMEOUT
    ) -> Agent:
        """Waits for an agent.

        Args:
            target: An agent's name, a glob over names, a group, or `=chat` for the agent of that
                name only; None or "all" for any agent.
            timeout: Seconds to wait at most.

        Returns:
            The first connected agent of the target. What it sent since it connected counts for its
            first `expect`.

        Raises:
            NoAgent: None connected in time.
        """
        connected = asyncio.Event()
        unsubscribe = self.log.subscribe(
            lambda event: connected.set() if event.kind == "connected" else None
        )
        try:
            async with asyncio.timeout(timeout):
                while True:
                    for agent in self.server.targets(target):
                        return Agent(agent, self, expect_from=self._connected_seq(agent))
                    await connected.wait()
                    connected.clear()
        except TimeoutError as error:
            lines = "\n    ".join(self.server.mdf_lines)
            who = "" if target in (None, ALL) else f" {target}"
            raise NoAgent(
                N_(
                    "no agent{who} came to {url} within {timeout:g} s; "
                    "its .mdf must say\n    {lines}"
                ).format(who=who, url=self.url, timeout=timeout, lines=lines)
            ) from error
        finally:
            unsubscribe()

    def _connected_seq(self, agent: HubAgent) -> int | None:
        """Returns the `seq` of the event with which the agent connected; None if it is not in
        memory."""
        for event in reversed(self.log):
            if event.kind == "connected" and event.agent == agent.name and not event.via:
                return event.seq
        return None
