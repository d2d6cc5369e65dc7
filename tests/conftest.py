"""Hypothesis for the whole suite, folders of its own for settings and control sockets, no keepers.

`ci` is the default: no deadline, because a loaded machine is no failure, and the blob that repeats
a failed example is printed. `soak` tries more examples:
`MDXDASH_EXAMPLES=200000 python -m pytest --hypothesis-profile soak tests/wire/test_proof.py`.
"""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from mdxdash.language.translation import use
from tests.support.homes import HOME_VARIABLES

# A hub that a test kills must not come back.
os.environ.setdefault("MDXDASH_KEEPER", "false")

# The tests expect English texts, whatever the language of the machine.
os.environ["LC_ALL"] = "C.UTF-8"
os.environ.pop("MDXDASH_SCREEN_LANGUAGE", None)

settings.register_profile("ci", deadline=None, print_blob=True)
settings.register_profile(
    "soak",
    settings.get_profile("ci"),
    max_examples=int(os.environ.get("MDXDASH_EXAMPLES", "10000")),
)
IS_SOAK = "MDXDASH_EXAMPLES" in os.environ
settings.load_profile("soak" if IS_SOAK else "ci")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Lets a soak take its hours: the guard against a test that waits for ever would end it."""
    if IS_SOAK:
        for item in items:
            item.add_marker(pytest.mark.timeout(0), append=False)


@pytest.fixture(autouse=True, scope="session")
def own_runtime_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Hubs of the suite are not among the user's, whose settings and files play no part in it."""
    home = str(tmp_path_factory.mktemp("home"))
    with pytest.MonkeyPatch.context() as patch:
        for name in HOME_VARIABLES:
            if name != "HOME":  # where the browser and the tools of a test have their own files
                patch.setenv(name, home)
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
        yield


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    """What a test shows in another language is English for the next one."""
    yield
    use("en")
