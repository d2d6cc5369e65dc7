"""`mdxdash explain`: what a code or a message type means."""

import click

from mdxdash.catalog.explanation import explain
from mdxdash.cli.options import fail
from mdxdash.cli.output.standard_output import show
from mdxdash.doctor.code_explanations import all_codes, explain_code
from mdxdash.language.translation import Language, current


@click.command(name="explain")
@click.argument("topic", required=False)
@click.option("--ja", is_flag=True, help="In Japanese, whatever the language is.")
def command(topic: str | None, ja: bool) -> None:
    """Explain a message TYPE (`PROMPT_SHOW`) or a code (`W101`); without one, list all codes."""
    language: Language = "ja" if ja else current()
    if topic is None:
        show(f"{explain(None, language)}\n{all_codes(language)}")
        return
    try:
        show(explain_code(topic.strip(), language) or explain(topic, language))
    except LookupError as error:
        fail(str(error))
