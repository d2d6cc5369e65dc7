"""The language that the system is set to, of those that the catalog has."""

import locale
import os

from mdxdash.catalog.entry import Language


def language() -> Language:
    """Returns `ja` where the system is set to Japanese (`ja_JP`, on Windows `Japanese_Japan`), else
    `en`."""
    name = os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or ""
    return "ja" if name.lower().startswith("ja") else "en"
