"""The language that the system is set to, of those that there are texts in."""

import locale
import os

from mdxdash.language.translation import Language


def system_language() -> Language:
    """Returns `ja` where the system is set to Japanese (`ja_JP`, on Windows `Japanese_Japan`), else
    `en`."""
    environ = os.environ
    name = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG")
    name = name or locale.getlocale()[0] or ""
    return "ja" if name.lower().startswith("ja") else "en"
