"""The folder of the control sockets is the user's own, or is not used."""

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from mdxdash.remote import control_folder
from mdxdash.remote.control_folder import NoControlFolder, checked_folder, locked
from tests.support import faces
from tests.support.faces import runtime_folder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with runtime_folder(monkeypatch) as folder:
        yield folder


def test_it_is_made_for_this_user_only(runtime: Path) -> None:
    folder = checked_folder(make=True)
    assert folder == runtime.resolve() / "mdxdash"
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o755)
    assert checked_folder() == folder
    assert folder.stat().st_mode & 0o777 == 0o700


def test_it_is_not_made_by_who_looks(runtime: Path) -> None:
    with pytest.raises(NoControlFolder, match="No such file"):
        checked_folder()
    assert not list(runtime.iterdir())


def test_a_folder_that_others_could_replace_is_not_used(runtime: Path) -> None:
    for mode in (0o777, 0o770):
        runtime.chmod(mode)
        with pytest.raises(NoControlFolder, match="other users may write there"):
            checked_folder(runtime / "mdxdash", make=True)
    runtime.chmod(0o1777)
    checked_folder(runtime / "mdxdash")


def test_what_a_test_makes_unsafe_costs_the_user_no_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[Path | None] = []
    monkeypatch.setattr(faces, "running_hubs", lambda folder=None: looked_at.append(folder) or [])
    with runtime_folder(monkeypatch) as folder:
        folder.chmod(0o1777)
    assert looked_at == [folder / "mdxdash"]


def test_a_folder_of_another_user_is_not_used(
    runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked_folder(make=True)
    own = os.geteuid()
    monkeypatch.setattr(control_folder.os, "geteuid", lambda: own + 1)
    with pytest.raises(NoControlFolder, match=f"belongs to another user \\(uid {own}\\)"):
        checked_folder()


def test_a_file_in_its_place_is_an_error(runtime: Path) -> None:
    (runtime / "mdxdash").write_bytes(b"")
    with pytest.raises(NoControlFolder, match=r"mdxdash"):
        checked_folder(make=True)


def test_one_at_a_time_changes_it(runtime: Path) -> None:
    order: list[str] = []
    begun = threading.Event()

    def second() -> None:
        begun.set()
        with locked(runtime):
            order.append("second")

    with locked(runtime):
        thread = threading.Thread(target=second)
        thread.start()
        begun.wait()
        thread.join(0.05)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
