"""`mdxdash speak`: sound files that an agent speaks with moving lips."""

import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import click

from mdxdash.cli.exit_codes import FAILED, INTERRUPTED, NO_AGENT, PASSED
from mdxdash.cli.hosting.session_recording import headless_recording
from mdxdash.cli.options import (
    check_record_file,
    fail,
    hub_options,
    read_settings,
    recording_options,
)
from mdxdash.cli.output.diagnostics import report
from mdxdash.cli.output.progress_line import ProgressLine
from mdxdash.cli.reaching.running_hub import chosen_hub
from mdxdash.cli.signals import Interrupted, run_until_signal
from mdxdash.cli.speech_elsewhere import speak_through
from mdxdash.events.log import EventLog
from mdxdash.hub.address import CannotListen
from mdxdash.hub.server import HubServer
from mdxdash.language.translation import _
from mdxdash.remote.control_socket import HubAddress
from mdxdash.remote.protocol import Speak
from mdxdash.remote.running_hubs import hub_on_port
from mdxdash.remote.tap import add_tap
from mdxdash.settings.model import Settings
from mdxdash.settings.quantities import parse_duration
from mdxdash.speech.control import CannotSpeak
from mdxdash.speech.description import describe_end
from mdxdash.speech.engine import SpeechEngine
from mdxdash.speech.sources.microphone import Microphone
from mdxdash.speech.sources.sound import Sound, SoundError
from mdxdash.speech.sources.sound_file import SoundFile, open_sound
from mdxdash.speech.sources.synthesis import SpokenText
from mdxdash.speech.sources.wav_stream import RawStream
from mdxdash.speech.utterance import Utterance
from mdxdash.wire.audio import SAMPLE_RATE


class NoAgent(Exception):
    """No agent connected to speak."""


def _seconds(ctx: click.Context, parameter: click.Parameter, text: str) -> float:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command(name="speak")
@click.argument("what", nargs=-1, metavar="[FILE|TEXT]...")
@click.option("--voice", metavar="NAME", help="Say TEXT with this [voice.NAME] of the settings.")
@click.option("--mic", is_flag=True, help="Speak what the microphone records, until ctrl-C.")
@click.option(
    "--raw",
    type=click.IntRange(min=1000, max=384_000),
    metavar="RATE",
    help="Speak standard input: 16-bit mono samples of this rate, as they come.",
)
@click.option(
    "--to",
    "target",
    help="The agents: a name, pattern or group; =NAME is exactly that agent.  [default: all]",
)
@click.option(
    "--model", default="", metavar="ALIAS", help="The model that speaks.  [default: the first]"
)
@click.option(
    "--lead",
    "speech_lead",
    help="Sound that is sent ahead; an agent that is stopped speaks on for so long."
    "  [default: 300ms]",
)
@click.option(
    "--wait-agent",
    callback=_seconds,
    default="30s",
    show_default=True,
    help="How long to wait for the agent to connect.",
)
@click.option(
    "--stay", is_flag=True, help="Keep running afterwards, so that the agent stays connected."
)
@click.option(
    "--hub",
    "hub_name",
    metavar="NAME",
    help="Speak through the hub of this NAME.  [default: one that listens there already]",
)
@hub_options
@recording_options
def command(
    what: tuple[str, ...],
    voice: str | None,
    mic: bool,
    raw: int | None,
    target: str | None,
    model: str,
    wait_agent: float,
    stay: bool,
    hub_name: str | None,
    record_file: Path | None,
    **options: Any,
) -> None:
    """Let an agent speak sound files or texts, one after the other, with moving lips.

    FILE is a WAV of 16 kHz, 16 bit and one channel; with the extra `speech` any WAV, FLAC,
    OGG or MP3. With --voice, TEXT is what a speech synthesiser says. Where a hub of this user runs
    on the port already, its agents speak, with the voices and settings of that hub. Else the
    command is a hub that an agent connects to; on Linux MMDAgent-EX ends when its hub does, so
    --stay keeps both. --raw and --mic are spoken by one agent. Ctrl-C stops the speech.

    Exits with 0 if all was spoken, 1 if something was not, 2 if a file or an option is wrong, 3 if
    no agent connected in time, 130 after ctrl-C.
    """
    settings = read_settings(**options)
    is_live = mic or raw is not None
    if is_live and (what or voice is not None or (mic and raw is not None)):
        raise click.UsageError(_("--mic and --raw: expected only one of them, and no FILE or TEXT"))
    if not (is_live or what):
        raise click.UsageError(_("expected FILE, or --voice with TEXT, or --raw, or --mic"))
    running = chosen_hub(hub_name) if hub_name is not None else _hub_there(settings)
    if running is not None:
        sys.exit(_speak_elsewhere(running, what, voice, model, target, wait_agent, mic, raw))
    log = EventLog(settings.log.events, settings.log.bytes)
    hub = HubServer(settings.hub, log, settings.groups)
    add_tap(hub)
    engine = SpeechEngine(hub, log, settings.speech, voices=settings.voices)
    try:
        sounds = _live(mic, raw) if is_live else _prepared(engine, what, voice)
    except (SoundError, CannotSpeak) as error:
        fail(str(error))
    check_record_file(record_file)
    speech = _Speech(hub, engine, sounds, target, model, alone=is_live)
    try:
        run_until_signal(_run(settings, record_file, speech, wait_agent, stay))
    except Interrupted:
        sys.exit(INTERRUPTED if not speech.is_over else speech.exit_code)
    except CannotListen as error:
        fail(str(error))
    except NoAgent as error:
        report(f"mdxdash: {error}")
        sys.exit(NO_AGENT)
    sys.exit(speech.exit_code)


def _live(mic: bool, raw: int | None) -> list[Callable[[], Sound]]:
    """Returns the sound that is still being made. Raises `SoundError`."""
    sound: Sound
    if mic:
        sound = Microphone()
    else:
        sound = RawStream(sys.stdin.buffer, raw or SAMPLE_RATE, _("standard input"))
    return [lambda: sound]


def _prepared(
    engine: SpeechEngine, what: Sequence[str], voice: str | None
) -> list[Callable[[], Sound]]:
    """Returns what makes the sounds of texts or files. Raises `SoundError` and `CannotSpeak` for
    what cannot be spoken."""
    if voice is not None:
        engine.spoken_text(what[0], voice).close()
        return [partial(engine.spoken_text, text, voice) for text in what]
    for file in what:
        open_sound(Path(file)).close()
    return [partial(SoundFile, Path(file)) for file in what]


def _hub_there(settings: Settings) -> HubAddress | None:
    """Returns the hub of this user that listens on the port of these settings already."""
    hub = hub_on_port(settings.hub.port) if settings.hub.port else None
    return None if hub is None else hub.address


def _speak_elsewhere(
    running: HubAddress,
    what: Sequence[str],
    voice: str | None,
    model: str,
    target: str | None,
    wait_agent: float,
    mic: bool,
    raw: int | None,
) -> int:
    """Lets the agents of a running hub speak; returns the exit code."""
    requests = _requests(what, voice, model, target)
    live = None
    try:
        if mic or raw is not None:
            (make,) = _live(mic, raw)
            live = make()
            requests = [Speak(live=live.name, model=model, to=target)]
        elif voice is None:
            for file in what:
                open_sound(Path(file)).close()
    except SoundError as error:
        fail(str(error))
    return speak_through(running, requests, wait_agent=wait_agent, live=live)


def _requests(
    what: Sequence[str], voice: str | None, model: str, target: str | None
) -> list[Speak]:
    """Returns what a running hub is asked for."""
    if voice is not None:
        return [Speak(text=text, voice=voice, model=model, to=target) for text in what]
    return [Speak(file=str(Path(file).absolute()), model=model, to=target) for file in what]


async def _run(
    settings: Settings, record_file: Path | None, speech: "_Speech", wait_agent: float, stay: bool
) -> None:
    hub = speech.hub
    recording = headless_recording(settings.recording, record_file, hub.log, lambda: hub.url)
    async with recording, hub:
        report(_("listening on {url}").format(url=hub.url))
        await speech.wait_for_agents(wait_agent)
        try:
            with ProgressLine(speech.progress) as line:
                await line.follow(speech.run())
        finally:
            with suppress(asyncio.CancelledError):
                await speech.engine.close()
        if stay:
            report(_("all spoken; still running, ctrl-C ends it"))
            await asyncio.get_running_loop().create_future()


class _Speech:
    """The sounds, spoken by every agent of the target."""

    def __init__(
        self,
        hub: HubServer,
        engine: SpeechEngine,
        sounds: Sequence[Callable[[], Sound]],
        target: str | None,
        model: str,
        *,
        alone: bool,
    ) -> None:
        """`alone`: only one agent speaks, since the sound can be read only once."""
        self._alone = alone
        self.hub = hub
        self.engine = engine
        self._sounds = sounds
        self._target = target
        self._model = model
        self._utterances: list[Utterance] = []
        self._refused = False

    @property
    def is_over(self) -> bool:
        return bool(self._utterances) and all(each.is_over for each in self._utterances)

    @property
    def exit_code(self) -> int:
        spoken = all(each.state == "spoken" for each in self._utterances)
        return PASSED if spoken and not self._refused else FAILED

    async def wait_for_agents(self, timeout: float) -> None:
        """Waits for an agent of the target, and until it has announced its model, if it does."""
        deadline = time.monotonic() + timeout
        while not self.hub.targets(self._target):
            if time.monotonic() > deadline:
                who = self._target or _("an agent")
                raise NoAgent(
                    _("{who} did not connect to {url} within {timeout:g} s").format(
                        who=who, url=self.hub.url, timeout=timeout
                    )
                )
            await asyncio.sleep(0.05)

    async def run(self) -> None:
        agents = self.hub.targets(self._target)
        for agent in agents[:1] if self._alone else agents:
            for make in self._sounds:
                try:
                    sound = make()
                    text = sound.name if isinstance(sound, SpokenText) else ""
                    self._utterances.append(
                        self.engine.speak(agent.name, sound, model=self._model, text=text)
                    )
                except (CannotSpeak, SoundError) as error:
                    self._refused = True
                    report(f"mdxdash: {error}")
        for utterance in self._utterances:
            await self.engine.wait_until_over(utterance)
            report(describe_end(utterance))
        await self.engine.wait_until_idle()

    def progress(self) -> str:
        now = time.monotonic()
        for each in self._utterances:
            if each.state in ("speaking", "sounding"):
                length = (
                    ""
                    if each.seconds is None
                    else _(" of {seconds:.1f}").format(seconds=each.seconds)
                )
                return _("{name}: {now:.1f}{length} s, {ahead:.1f} s ahead, {late} late").format(
                    name=each.name,
                    now=each.played(now),
                    length=length,
                    ahead=each.ahead(now),
                    late=each.late,
                )
        return "waiting"
