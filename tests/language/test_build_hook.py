"""The translations in a built package."""

import gettext
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from mdxdash.language.po_file import read_po
from tests.support.extraction import PACKAGE, TRANSLATIONS

BUILD = """
import sys
from hatchling.builders.wheel import WheelBuilder
print(next(WheelBuilder(sys.argv[1]).build(directory=sys.argv[2], versions=["standard"])))
"""


def test_a_wheel_has_the_compiled_translations(tmp_path: Path) -> None:
    pytest.importorskip("hatchling")
    project = tmp_path / "project"
    room = project / "mdxdash" / "language"
    shutil.copytree(PACKAGE / "language", room, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(PACKAGE.parent / name, project / name)
    for name in ("__init__.py", "version.py"):
        shutil.copy(PACKAGE / name, project / "mdxdash" / name)
    command = [sys.executable, "-c", BUILD, str(project), str(tmp_path / "dist")]
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    built = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "TMPDIR": str(scratch), "TEMP": str(scratch)},
    )
    assert built.returncode == 0, built.stderr
    assert [*scratch.glob("mdxdash-translations-*")] == []
    with zipfile.ZipFile(built.stdout.strip().splitlines()[-1]) as wheel:
        place = TRANSLATIONS.relative_to(PACKAGE.parent).with_suffix(".mo").as_posix()
        with wheel.open(place) as file:
            compiled = gettext.GNUTranslations(file)
    texts = read_po(TRANSLATIONS)
    plurals = {text for text in texts if compiled.gettext(text) == text != texts[text]}
    assert {compiled.ngettext(text, text, 1) for text in plurals} == {texts[t] for t in plurals}
    assert {text: compiled.gettext(text) for text in texts.keys() - plurals} == {
        text: texts[text] for text in texts.keys() - plurals
    }
