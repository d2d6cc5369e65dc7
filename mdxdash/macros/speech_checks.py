"""What in the macros would stay silent: sounds that cannot be played, texts that nobody says."""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from mdxdash.language.translation import N_
from mdxdash.macros.model import Macro, RepeatStep, SpeakStep, Step
from mdxdash.macros.template import names_in
from mdxdash.settings.quantities import format_duration
from mdxdash.speech.sources.sound import SoundError
from mdxdash.speech.sources.sound_file import open_sound
from mdxdash.speech.sources.synthesis import sentences


def check_speech(
    macros: Iterable[Macro], voices: Collection[str], folder: Path, longest: float
) -> Iterator[str]:
    """Yields a line for each step that says or plays nothing: `macro "Greet": play greet.wav: …`.
    What has `{names}` in it is left out. Opens the sound files; blocks.

    * `voices`: the names of the voices in the settings.
    * `folder`: where sound files are that are named without one.
    * `longest`: how long a sound may be, in seconds.
    """
    for macro in macros:
        for step in speak_steps(macro.body):
            what = f"say {step.say}" if step.say else f"play {step.play}"
            for problem in _problems(step, voices, folder, longest):
                yield f'macro "{macro.name}": {what}: {problem}'


def speak_steps(steps: Iterable[Step]) -> Iterator[SpeakStep]:
    """Yields the steps that let an agent speak, those that are repeated too."""
    for step in steps:
        if isinstance(step, SpeakStep):
            yield step
        elif isinstance(step, RepeatStep):
            yield from speak_steps(step.steps)


def _problems(
    step: SpeakStep, voices: Collection[str], folder: Path, longest: float
) -> Iterator[str]:
    if step.say:
        if not voices:
            yield N_("there is no voice: expected a [voice.NAME] in the settings")
        elif step.voice and step.voice not in voices:
            known = ", ".join(voices)
            yield N_('there is no voice "{voice}": expected one of {known}').format(
                voice=step.voice, known=known
            )
        if not names_in(step.say) and not sentences(step.say):
            yield N_("there is nothing to say in it: expected a letter or a digit")
    elif not names_in(step.play):
        yield from _problems_of_file(folder / step.play, longest)


def _problems_of_file(file: Path, longest: float) -> Iterator[str]:
    try:
        sound = open_sound(file)
    except SoundError as error:
        yield str(error)
        return
    seconds = sound.seconds
    sound.close()
    if seconds == 0:
        yield N_("there is no sound in it")
    elif seconds is not None and seconds > longest:
        yield N_("{seconds:.0f} s: [speech] longest allows {longest}").format(
            seconds=seconds, longest=format_duration(longest)
        )
