"""Reading a .po file."""

from pathlib import Path

from mdxdash.language.po_file import read_po

TEXT = """\
# A comment.
msgid ""
msgstr "Language: ja\\n"

#: a.py
msgid "one"
msgstr "一"

#, fuzzy
msgid "uncertain"
msgstr "不明"

msgid "missing"
msgstr ""

msgid ""
"two "
"lines\\n"
msgstr ""
"二"
"行\\n"

msgid "{n} agent"
msgid_plural "{n} agents"
msgstr[0] "{n} 台"
"""


def test_the_translations_are_read(tmp_path: Path) -> None:
    file = tmp_path / "a.po"
    file.write_text(TEXT, encoding="utf-8")
    assert read_po(file) == {"one": "一", "two lines\n": "二行\n", "{n} agent": "{n} 台"}
