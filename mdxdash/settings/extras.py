"""How what only some need of mdxdash is installed: its extras (see `pyproject.toml`)."""

from mdxdash.language.translation import N_


def install_hint(extra: str) -> str:
    """Returns what installs an extra such as `speech`. mdxdash is in no package index, so that pip
    finds it in its folder only."""
    return N_("pip install '.[{extra}]' in the folder of mdxdash").format(extra=extra)
