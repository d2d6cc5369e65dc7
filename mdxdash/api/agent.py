"""An agent as a script has it: messages, events, speech and macros of one agent."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

from mdxdash.api.errors import ExpectTimeout, MacroFailed, Refused, Unexpected
from mdxdash.catalog.user_words import user_says
from mdxdash.dialogue.turn import Turn
from mdxdash.events.event import By, Event
from mdxdash.events.log import EventLog
from mdxdash.filters.filter import Context, parse
from mdxdash.hub.agent import HubAgent
from mdxdash.language.translation import N_
from mdxdash.macros.files.toml_steps import filter_from_text
from mdxdash.macros.model import DEFAULT_TIMEOUT, ExpectStep, Macro
from mdxdash.macros.running.event_matching import event_matcher
from mdxdash.macros.running.next_turn import NextTurn
from mdxdash.macros.running.run_log import RECENT_KEPT, RunRecord
from mdxdash.macros.running.runner import MacroRunner
from mdxdash.speech.control import CannotSpeak
from mdxdash.speech.engine import SpeechEngine
from mdxdash.speech.sources.sound import Samples, Sound
from mdxdash.speech.sources.sound_file import SoundFile
from mdxdash.speech.utterance import Utterance
from mdxdash.wire.message import SEPARATOR, Message, parse_message

_EVENTS_AT_ONCE: Final = 1000
"""Events that `Agent.events` takes from the log at a time."""

_SENDER: Final[By] = "program"
"""As whom a script sends. Echoes of it are no news for the script itself."""


class AgentHome(Protocol):
    """The hub of an agent, as far as the agent needs it; `Hub` is one."""

    @property
    def log(self) -> EventLog:
        """All events in their order."""

    @property
    def runner(self) -> MacroRunner:
        """Runs the macros, and sends the messages."""

    @property
    def speech(self) -> SpeechEngine:
        """What the agents speak."""


class Agent:
    """An agent that is, or was, connected. `Hub.agent` and `Hub.agents` return it."""

    def __init__(self, agent: HubAgent, hub: AgentHome, *, expect_from: int | None = None) -> None:
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
                N_('the macro "{macro}" runs on {agent} already').format(
                    macro=macro.name, agent=self.name
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
