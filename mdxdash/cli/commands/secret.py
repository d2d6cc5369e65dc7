"""`mdxdash secret`: makes the secret that agents carry in their path."""

import secrets
from typing import Any

import click

from mdxdash.cli.options import common_options, fail, read_settings
from mdxdash.settings.saving import save_setting
from mdxdash.settings.toml_source import SettingsError

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
        click.echo(secret)
        return
    try:
        if settings.file.exists():
            settings.file.chmod(0o600)  # before the secret is in it
        save_setting(settings.file, "hub.secret", secret)
    except SettingsError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{settings.file}: {error.strerror or error}")
    click.echo(f"saved in {settings.file}; `mdxdash mdf` prints the lines for the agent")
