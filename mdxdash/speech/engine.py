"""The speech of a hub's agents: takes sounds, reads them ahead, and hands them to the agents.

Nothing tells that sound begins or ends (PROTOCOL.md, *Audio*), so both are computed, and recorded
as events at the computed times.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final

from mdxdash.events.log import EventLog
from mdxdash.hub.agent import HubAgent
from mdxdash.hub.server import HubServer
from mdxdash.hub.targets import exactly
from mdxdash.language.translation import N_
from mdxdash.settings.model import SpeechSettings
from mdxdash.settings.tables.command_sections import VoiceSettings
from mdxdash.speech.control import CannotSpeak
from mdxdash.speech.description import describe_end, describe_start
from mdxdash.speech.pcm_buffer import BYTES_A_SECOND, SAMPLE_BYTES
from mdxdash.speech.signs import doubt
from mdxdash.speech.snapshot import StreamSnapshot
from mdxdash.speech.sources.sound import Sound, SoundError
from mdxdash.speech.sources.sound_file import SoundFile
from mdxdash.speech.sources.synthesis import SpokenText
from mdxdash.speech.stream import LEAD_MAX, PATIENCE, SpeechStream
from mdxdash.speech.utterance import Utterance
from mdxdash.wire.audio import SAMPLE_RATE, SET_MODEL
from mdxdash.wire.framing import Unsendable, encode_line
from mdxdash.wire.message import Message

DEFAULT_MODEL: Final = "0"
"""The alias of the model where nobody names one, and the agent has announced none."""

_CLOSE_WITHIN: Final = 1.0
"""Seconds that agents get to be told the end of their sound, on top of its length."""

FIRST_WITHIN: Final = 10.0
"""Seconds within which the first sound of a file must come."""

_ROOM_PAUSE: Final = 0.25
"""Seconds between two looks whether the buffer has room again."""


class SpeechEngine:
    """Plays sounds on the agents of a hub. Use it as long as the hub's event loop runs. Implements
    `SpeechControl`."""

    def __init__(
        self,
        hub: HubServer,
        log: EventLog,
        settings: SpeechSettings = SpeechSettings(),  # noqa: B008  it is immutable
        *,
        voices: Mapping[str, VoiceSettings] = MappingProxyType({}),
        folder: Path | None = None,
    ) -> None:
        """`voices` are the synthesisers by name; `folder` is where sound files are that are given
        without one, by default the working directory."""
        self.lead = min(settings.lead, LEAD_MAX)
        self._settings = settings
        self._voices = voices
        self.folder = folder or Path()
        self._hub = hub
        self._log = log
        self._streams: dict[str, SpeechStream] = {}
        self._reading: dict[int, Sound] = {}
        """The sounds that are still made, by the number of the utterance."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._next_number = 1
        """Of the next utterance."""
        self._ends: dict[int, list[asyncio.Future[None]]] = {}
        self._model_listener: Callable[[str, str | None], None] = lambda agent, model: None
        self._doubted: dict[str, float] = {}
        """By agent: when that connection of it began, whose first sound was looked at."""

    def stream(self, agent: str) -> SpeechStream | None:
        """Returns what the agent of that name speaks; None if it never spoke."""
        return self._streams.get(agent)

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
                N_("{name} has no model {model}: it has announced {known}").format(
                    name=agent.name, model=model, known=", ".join(known)
                )
            )
        if "," in model or "|" in model:
            raise CannotSpeak(
                N_("expected the alias of a model, got {model!r}").format(model=model)
            )
        try:
            encode_line(Message(SET_MODEL + model))
        except Unsendable as error:
            raise CannotSpeak(
                N_("expected the alias of a model: {error}").format(error=error)
            ) from error
        return model

    def play_file(self, agent: str, file: str, *, model: str = "") -> str:
        """Lets a model of an agent speak a sound file: see `SpeechControl`."""
        return self.speak(agent, SoundFile(self.folder / file), model=model).key

    def say(self, agent: str, text: str, *, voice: str = "", model: str = "") -> str:
        """Lets a model of an agent say a text: see `SpeechControl`."""
        return self.speak(agent, self.spoken_text(text, voice), model=model, text=text).key

    def spoken_text(self, text: str, voice: str = "") -> Sound:
        """Returns a text as the sound that a voice makes of it; without a name the only one, or the
        first. Raises `CannotSpeak` for a voice that the settings do not have."""
        name = voice or next(iter(self._voices), "")
        if name not in self._voices:
            known = ", ".join(self._voices) or "none"
            wanted = f'voice "{name}"' if name else "voice"
            raise CannotSpeak(
                N_(
                    "there is no {wanted}: expected one of the settings' [voice.NAME] ({known})"
                ).format(wanted=wanted, known=known)
            )
        try:
            return SpokenText(text, self._voices[name], name, self._settings.longest)
        except SoundError as error:
            raise CannotSpeak(str(error)) from error

    def stop_speech(self, agent: str, model: str = "") -> int:
        """Stops what is spoken: see `SpeechControl`."""
        return len(self.stop(agent, model or None))

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
                raise CannotSpeak(N_("the agent {agent} is gone").format(agent=agent))
            alias = self.model_for(found, model)
            self._check_length(sound)
        except CannotSpeak:
            sound.close()
            raise
        utterance = Utterance(
            self._next_number, alias, sound.name, text=text, asked_at=time.monotonic()
        )
        self._next_number += 1
        if isinstance(sound, SoundFile):
            utterance.file = str(sound.path.absolute())
        if (stream := self._streams.get(agent)) is None:
            stream = self._streams[agent] = self._new_stream(agent)
        self._join(found, stream, utterance)
        stream.add(utterance)
        found.play(stream)
        self._read_ahead(utterance, sound)
        return utterance

    def snapshot(self) -> tuple[StreamSnapshot, ...]:
        """Returns what is spoken, for another process."""
        return tuple(
            stream.snapshot(agent) for agent, stream in self._streams.items() if not stream.is_idle
        )

    def restore(self, left: Sequence[StreamSnapshot]) -> None:
        """Takes over what another process left; the agents are those of the hub. What is made of a
        text or a stream ends with what was made; a file is read on."""
        for each in left:
            found = next((agent for agent in self._hub.agents if agent.name == each.agent), None)
            if found is None or found.gone_at is not None:
                continue
            stream = self._streams[each.agent] = self._new_stream(each.agent)
            for utterance in stream.restore(each):
                self._next_number = max(self._next_number, utterance.number + 1)
                self._join(found, stream, utterance)
                if utterance.pcm.complete:
                    continue
                if utterance.file:
                    file = SoundFile(Path(utterance.file), skip=utterance.pcm.made)
                    self._read_ahead(utterance, file)
                else:
                    utterance.pcm.finish(N_("the rest was not made: another process goes on"))
            found.play(stream)

    def interrupted(self, agent: str, model: str) -> StreamSnapshot:
        """Returns what is left to do of a sound whose process is gone: its last block was whole, so
        the agent gets the end of the sound, and then the end of the avatar's control."""
        # It has sent no more ahead than its lead.
        end = time.monotonic() + self.lead
        return StreamSnapshot(agent, model, True, end, must_break=True)

    def watch_models(self, listener: Callable[[str, str | None], None]) -> None:
        """Calls `listener` with an agent and the model that it is about to be told to play sound
        to, and with None at the end of the sound. There is one listener."""
        self._model_listener = listener

    def _new_stream(self, agent: str) -> SpeechStream:
        stream = SpeechStream(self.lead)
        stream.on_model = lambda model: self._model_listener(agent, model)
        return stream

    def _join(self, agent: HubAgent, stream: SpeechStream, utterance: Utterance) -> None:
        utterance.on_change = lambda changed: self._changed(agent.name, changed)
        utterance.pcm.on_change = lambda: agent.play(stream)

    def _read_ahead(self, utterance: Utterance, sound: Sound) -> None:
        self._reading[utterance.number] = sound
        task = asyncio.get_running_loop().create_task(self._read(utterance, sound))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def stop(self, agent: str, model: str | None = None) -> list[Utterance]:
        """Stops what a model of an agent speaks, or all of them (None), and what waits behind it.
        Returns the utterances; `Utterance.stopped` says what is heard in the end."""
        stream = self._streams.get(agent)
        if stream is None:
            return []
        stopped = stream.stop(time.monotonic(), model)
        self._abort(stopped)
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
        Returns when it was said to the agents; one that does not read is not waited for."""
        for agent in self._streams:
            self.stop(agent)
        for task in tuple(self._tasks):
            task.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(self.lead + PATIENCE + _CLOSE_WITHIN):
                await self.wait_until_idle()

    def _abort(self, utterances: Iterable[Utterance]) -> None:
        """Ends what still makes the sound of utterances that are not to be spoken on."""
        for each in utterances:
            if (sound := self._reading.get(each.number)) is not None:
                sound.abort()

    def _check_length(self, sound: Sound) -> None:
        longest = self._settings.longest
        if sound.seconds is not None and sound.seconds > longest:
            raise CannotSpeak(
                N_("{name} has {seconds:.0f} s: [speech] longest allows {longest:g} s").format(
                    name=sound.name, seconds=sound.seconds, longest=longest
                )
            )

    async def _read(self, utterance: Utterance, sound: Sound) -> None:
        """Reads a sound in a thread into the buffer of its utterance, not too far ahead."""
        pcm, failure = utterance.pcm, N_("it was not read to its end")
        room = self._settings.longest * BYTES_A_SECOND
        reading = _in_thread(sound.read)
        try:
            # A file on a disk that does not answer must not silence the model.
            within = FIRST_WITHIN if isinstance(sound, SoundFile) else None
            while piece := await asyncio.wait_for(asyncio.shield(reading), within):
                within = None
                if pcm.complete:
                    break  # it was stopped
                self._check_length(sound)
                if sound.seconds is not None:
                    pcm.total = round(sound.seconds * SAMPLE_RATE) * SAMPLE_BYTES
                room -= len(piece)
                if room < 0:
                    raise SoundError(
                        N_("longer than [speech] longest, {longest:g} s").format(
                            longest=self._settings.longest
                        )
                    )
                pcm.append(piece)
                while pcm.is_full and not pcm.complete:
                    await asyncio.sleep(_ROOM_PAUSE)
                reading = _in_thread(sound.read)
            failure = ""
        except (SoundError, CannotSpeak) as error:
            failure = str(error)
        except TimeoutError:
            failure = N_("no sound within {timeout:g} s").format(timeout=FIRST_WITHIN)
        except Exception as error:  # whatever a source of sound raises, the model is free again
            failure = f"{sound.name}: {type(error).__name__}: {error}"
        finally:
            del self._reading[utterance.number]
            # Not while a thread still reads.
            reading.add_done_callback(lambda done: _close(done, sound))
            if not pcm.complete:
                pcm.finish(failure)

    def _changed(self, agent: str, utterance: Utterance) -> None:
        if utterance.state == "speaking":
            self._record(agent, utterance, "start", describe_start(utterance))
        elif utterance.is_over:
            self._abort([utterance])
            if utterance.state == "spoken":
                utterance.doubt = self._doubt(agent, utterance.model)
            self._record(agent, utterance, "end", describe_end(utterance))
            for future in self._ends.pop(utterance.number, ()):
                if not future.done():
                    future.set_result(None)

    def _doubt(self, agent: str, model: str) -> str:
        """Returns what may keep the first sound of a connection from being heard."""
        found = next(iter(self._hub.targets(exactly(agent))), None)
        if found is None or self._doubted.get(agent) == found.connected_at:
            return ""
        self._doubted[agent] = found.connected_at
        return doubt(self._log, agent, model, announced=found.known.exists("model", model))

    def _record(self, agent: str, utterance: Utterance, level: str, text: str) -> None:
        kind: Final = "fault" if utterance.state == "failed" else "sent"
        self._log.append(kind, agent, args=utterance.key, text=text, level=level, by="speech")


def _in_thread(read: Callable[[], bytes]) -> asyncio.Future[bytes]:
    """Calls a function in a thread of its own, which the end of the program does not wait for: a
    read of standard input may never end."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[bytes] = loop.create_future()

    def finish(set_: Callable[[], None]) -> None:
        if not future.done():
            set_()

    def work() -> None:
        try:
            piece = read()
            done = partial(finish, lambda: future.set_result(piece))
        except Exception as error:
            failure = error
            done = partial(finish, lambda: future.set_exception(failure))
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(done)

    threading.Thread(target=work, name="speech", daemon=True).start()
    return future


def _close(done: asyncio.Future[bytes], sound: Sound) -> None:
    if not done.cancelled():
        done.exception()  # of a sound that nobody awaits any more
    threading.Thread(target=sound.close, name="speech", daemon=True).start()
