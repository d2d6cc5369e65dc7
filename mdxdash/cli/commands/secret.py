"""`mdxdash secret`: makes the secret that agents carry in their path."""

import secrets
from typing import Any

import click

from mdxdash.cli.options import common_options, fail, read_settings
from mdxdash.cli.output.diagnostics import report
from mdxdash.cli.output.standard_output import show
from mdxdash.language.translation import _
from mdxdash.macros.files.toml_form import read_macros
from mdxdash.settings.model import Settings
from mdxdash.settings.resolution import not_harmless
from mdxdash.settings.saving import save_setting
from mdxdash.settings.toml_source import SettingsError, read_toml
from mdxdash.settings.trust import TrustedFiles

SECRET_BYTES = 18
"""144 bits, which is 24 characters."""


@click.command(name="secret")
@click.option("--save", is_flag=True, help="Save it in the settings file instead of printing it.")
@common_options
def command(save: bool, **options: Any) -> None:
    """Make a secret: the last segment of the path that agents connect to, `/chat/<secret>`.

    mdxdash takes it as `secret` in [hub], or as MDXDASH_SECRET; `mdxdash mdf` prints the
    lines for the agent.
    """
    settings = read_settings(**options)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    if not save:
        show(secret)
        return
    try:
        if settings.file.exists():
            settings.file.chmod(0o600)  # before the secret is in it
        save_setting(settings.file, "hub.secret", secret)
        waits = not _takes_effect(settings)
    except SettingsError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{settings.file}: {error.strerror or error}")
    show(
        _("saved in {file}; `mdxdash mdf` prints the lines for the agent").format(
            file=settings.file
        )
    )
    if waits:
        report(
            _("mdxdash: it takes effect when you trust the file: read it and run `mdxdash trust`")
        )


def _takes_effect(settings: Settings) -> bool:
    """Returns whether the saved secret takes effect. A file of the working directory is trusted
    here if nothing but this secret waits in it."""
    if not settings.found_here:
        return True
    trusted = TrustedFiles()
    source = read_toml(settings.file)
    others = [each for each in not_harmless(source) if each.setting.name != "hub.secret"]
    if not others and all(macro.on is None for macro in read_macros(source)):
        trusted.add(source)
    return trusted.trusts(source)
