"""`mdxdash explain`: what a code or a message type means."""

import click

from mdxdash.catalog.explain import explain
from mdxdash.cli.options import fail


@click.command(name="explain")
@click.argument("topic", required=False)
@click.option("--ja", is_flag=True, help="Summaries in Japanese.")
def command(topic: str | None, ja: bool) -> None:
    """All about a message TYPE (`PROMPT_SHOW`) or a code (`W101`); alone, the list of all codes."""
    try:
        click.echo(explain(topic, "ja" if ja else "en"))
    except LookupError as error:
        fail(str(error))
