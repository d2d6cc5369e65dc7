"""`mdxdash mdf`: the lines for an agent's `.mdf`."""

from typing import Any

import click

from mdxdash.cli.options import address_options, read_settings
from mdxdash.cli.output.standard_output import show
from mdxdash.hub.address import mdf_lines


@click.command(name="mdf")
@address_options()
def command(**options: Any) -> None:
    """Print the lines that an agent's .mdf needs to connect to an mdxdash with these settings.

    They contain the secret, if one is set.
    """
    hub = read_settings(**options).hub
    for line in mdf_lines(hub.host, hub.port, hub.dial_path):
        show(line)
