"""The speech of a hub's agents: takes sounds, reads them ahead, and hands them to the agents.

Nothing tells that sound begins or ends (PROTOCOL.md, *Audio*), so both are computed, and recorded
as events at the computed times.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Final

from mdxdash.events.log import EventLog
from mdxdash.hub.agent import HubAgent
from mdxdash.hub.server import HubServer
from mdxdash.hub.targets import exactly
from mdxdash.speech.sound import Sound, SoundError
from mdxdash.speech.stream import DEFAULT_LEAD, SpeechStream
from mdxdash.speech.utterance import Utterance
from mdxdash.wire.framing import Unsendable, encode_line
from mdxdash.wire.message import Message

DEFAULT_MODEL: Final = "0"
"""The alias of the model where nobody names one, and the agent has announced none."""

_ROOM_PAUSE: Final = 0.25
"""Seconds between two looks whether the buffer has room again."""


class CannotSpeak(ValueError):
    """A sound is not played. The text gives the reason."""


class SpeechEngine:
    """Plays sounds on the agents of a hub. Use it as long as the hub's event loop runs."""

    def __init__(self, hub: HubServer, log: EventLog, *, lead: float = DEFAULT_LEAD) -> None:
        """`lead` is how many seconds of sound are sent ahead, which is also how long an agent
        speaks on when it is stopped."""
        self.lead = lead
        self._hub = hub
        self._log = log
        self._streams: dict[str, SpeechStream] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._listeners: list[Callable[[str, Utterance], None]] = []
        self._ends: dict[int, list[asyncio.Future[None]]] = {}

    def stream(self, agent: str) -> SpeechStream | None:
        """Returns what the agent of that name speaks; None if it never spoke."""
        return self._streams.get(agent)

    def subscribe(self, listener: Callable[[str, Utterance], None]) -> Callable[[], None]:
        """Calls `listener` with the agent's name and the utterance whenever the state of one
        changes. Returns a function that ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def model_for(self, agent: HubAgent, model: str = "") -> str:
        """Returns the alias to speak with: `model`, or the first one that the agent has announced.

        Raises `CannotSpeak` for one that the agent, having announced others, does not have: all
        sound would vanish without a sign.
        """
        known = agent.known.names("model")
        if not model:
            return known[-1] if known else DEFAULT_MODEL
        if known and model not in known:
            raise CannotSpeak(
                f"{agent.name} has no model {model}: it has announced {', '.join(known)}"
            )
        if "," in model or "|" in model:
            raise CannotSpeak(f"expected the alias of a model, got {model!r}")
        try:
            encode_line(Message(f"__AV_SETMODEL,{model}"))
        except Unsendable as error:
            raise CannotSpeak(f"expected the alias of a model: {error}") from error
        return model

    def speak(self, agent: str, sound: Sound, *, model: str = "", text: str = "") -> Utterance:
        """Adds a sound to what a model of an agent is to speak.

        Args:
            agent: The agent's name.
            sound: The sound; it is closed when it has been read.
            model: The alias of the model; empty for the first one that is there.
            text: What is said, if it is known.

        Returns:
            The utterance, which waits for those before it.

        Raises:
            CannotSpeak: The agent is gone, or does not have the model. The sound is closed.
        """
        try:
            found = next(iter(self._hub.targets(exactly(agent))), None)
            if found is None:
                raise CannotSpeak(f"the agent {agent} is gone")
            alias = self.model_for(found, model)
        except CannotSpeak:
            sound.close()
            raise
        utterance = Utterance(alias, sound.name, text=text)
        if sound.seconds is not None:
            utterance.pcm.total = round(sound.seconds * 32_000)
        utterance.on_change = lambda changed: self._changed(agent, changed)
        stream = self._streams.setdefault(agent, SpeechStream(self.lead))
        utterance.pcm.on_change = lambda: found.play(stream)
        stream.add(utterance)
        found.play(stream)
        task = asyncio.get_running_loop().create_task(_read(utterance, sound))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return utterance

    def stop(self, agent: str, model: str | None = None) -> list[Utterance]:
        """Stops what a model of an agent speaks, or all of them (None), and what waits behind it.
        Returns the utterances; `Utterance.stopped` says what is heard in the end."""
        stream = self._streams.get(agent)
        if stream is None:
            return []
        stopped = stream.stop(time.monotonic(), model)
        for each in self._hub.targets(exactly(agent)):
            each.play(stream)
        return stopped

    async def wait_until_over(self, utterance: Utterance) -> None:
        """Waits until an utterance has been spoken, stopped, or has failed."""
        if not utterance.is_over:
            future = asyncio.get_running_loop().create_future()
            self._ends.setdefault(utterance.number, []).append(future)
            await future

    async def wait_until_idle(self) -> None:
        """Waits until all agents have spoken, and their mouths are closed."""
        while not all(stream.is_idle for stream in self._streams.values()):
            await asyncio.sleep(0.05)

    async def close(self) -> None:
        """Ends what is spoken: whole blocks, then the end of the sound. What was sent is heard.
        Returns when it was said to the agents."""
        for agent in self._streams:
            self.stop(agent)
        for task in tuple(self._tasks):
            task.cancel()
        await self.wait_until_idle()

    def _changed(self, agent: str, utterance: Utterance) -> None:
        if utterance.state == "speaking":
            self._record(agent, utterance, "start", describe_start(utterance))
        elif utterance.is_over:
            self._record(agent, utterance, "end", describe_end(utterance))
            for future in self._ends.pop(utterance.number, ()):
                if not future.done():
                    future.set_result(None)
        for listener in tuple(self._listeners):
            listener(agent, utterance)

    def _record(self, agent: str, utterance: Utterance, level: str, text: str) -> None:
        kind: Final = "fault" if utterance.state == "failed" else "sent"
        self._log.append(kind, agent, args=utterance.model, text=text, level=level, by="speech")


def describe_start(utterance: Utterance) -> str:
    """Returns what is shown when an utterance begins: `model 0 speaks greet.wav, 3.2 s`."""
    seconds = utterance.seconds
    length = "" if seconds is None else f", {seconds:.1f} s"
    return f"model {utterance.model} speaks {utterance.text or utterance.name}{length}"


def describe_end(utterance: Utterance) -> str:
    """Returns what is shown when an utterance is over, as computed."""
    name = utterance.text or utterance.name
    if utterance.state == "failed":
        return f"model {utterance.model} does not speak {name}: {utterance.failure}"
    late = f", {utterance.late} late blocks" if utterance.late else ""
    if utterance.stopped is None:
        return f"model {utterance.model} has spoken {name}, {utterance.sent:.1f} s{late} (computed)"
    heard = utterance.stopped.heard
    said = f": heard {utterance.stopped.text!r}" if utterance.stopped.text else ""
    return (
        f"model {utterance.model} was stopped in {name} after {heard:.1f} s{late}{said} (computed)"
    )


async def _read(utterance: Utterance, sound: Sound) -> None:
    """Reads a sound in a thread into the buffer of its utterance, not too far ahead."""
    pcm, failure = utterance.pcm, "it was not read to its end"
    loop = asyncio.get_running_loop()
    reading = loop.run_in_executor(None, sound.read)
    try:
        while piece := await asyncio.shield(reading):
            if pcm.complete:
                break  # it was stopped
            pcm.append(piece)
            while pcm.is_full and not pcm.complete:
                await asyncio.sleep(_ROOM_PAUSE)
            reading = loop.run_in_executor(None, sound.read)
        failure = ""
    except SoundError as error:
        failure = str(error)
    finally:
        # Not while a thread still reads.
        reading.add_done_callback(lambda done: _close(done, sound))
        if not pcm.complete:
            pcm.finish(failure)


def _close(done: asyncio.Future[bytes], sound: Sound) -> None:
    done.cancelled() or done.exception()  # an error of a sound that nobody awaits any more
    sound.close()
