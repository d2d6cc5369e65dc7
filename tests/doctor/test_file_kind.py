"""Whether a file is an `.mdf`."""

from pathlib import PurePath

import pytest

from mdxdash.doctor.file_kind import other_kind
from mdxdash.doctor.mdf_file import parse_mdf


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.mdf", b"", ""),
        ("A.MDF", b"\x89PNG\0", ""),
        ("copy.txt", b"exclude_Plugin_Audio=yes\n", ""),
        ("copy.txt", b"disablePlugin=ALL\n", ""),
        ("notes.txt", b"My_Plugin_Remote=1\n", "a text without any setting of a plugin"),
        ("a.fst", b"a=b\n", "a dialogue script"),
        ("a.toml", b"host = 'x'\n", "TOML, as the settings of mdxdash are"),
        ("nothing", b" \n", "empty"),
    ],
)
def test_a_mdf_is_known_by_name_or_content(name: str, content: bytes, kind: str) -> None:
    assert other_kind(parse_mdf(content, name), PurePath(name)) == kind
