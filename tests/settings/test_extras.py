"""What installs an extra, as the project names it."""

import re
import tomllib
from pathlib import Path

import mdxdash
from mdxdash.settings.extras import install_hint

ROOT = Path(mdxdash.__file__).parent.parent
NOT_FOUND = re.compile(r"pip install ['\"]?mdxdash")
NAMED = re.compile(r"install_hint\(\"(\w+)\"\)|pip install '\.\[(\w+)\]'")


def test_pip_is_told_the_folder() -> None:
    assert install_hint("speech") == "pip install '.[speech]' in the folder of mdxdash"


def test_no_text_names_an_extra_that_is_not_there_or_a_package_of_an_index() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
        "optional-dependencies"
    ]
    package = Path(mdxdash.__file__).parent
    for file in (*package.rglob("*.py"), *package.rglob("*.md"), ROOT / "README.md"):
        text = file.read_text("utf-8")
        assert not NOT_FOUND.search(text), file
        assert {a or b for a, b in NAMED.findall(text)} <= {*extras, "dev"}, file
