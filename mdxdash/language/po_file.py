"""Reads a .po file, the source of translations. A checkout has no other; a built package has the
compiled file, which Python reads by itself.
"""

from ast import literal_eval
from pathlib import Path


def read_po(path: Path) -> dict[str, str]:
    """Returns the translations in a .po file by their English texts. Those that are missing or
    uncertain (`fuzzy`) are left out; of a plural its first form is taken, since Japanese has one.
    """
    texts: dict[str, str] = {}
    fields: dict[str, str] = {}
    field, is_fuzzy = "", False
    for line in (*path.read_text(encoding="utf-8").splitlines(), ""):
        if not line.strip():
            if fields.get("msgid") and not is_fuzzy:
                translated = fields.get("msgstr") or fields.get("msgstr[0]")
                if translated:
                    texts[fields["msgid"]] = translated
            fields, field, is_fuzzy = {}, "", False
        elif line.startswith("#"):
            is_fuzzy = is_fuzzy or (line.startswith("#,") and "fuzzy" in line)
        elif line.startswith('"'):
            fields[field] += literal_eval(line)
        else:
            field, _space, value = line.partition(" ")
            fields[field] = literal_eval(value)
    return texts
