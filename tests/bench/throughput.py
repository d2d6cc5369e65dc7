"""Messages a second into `serve` and into the dashboard, beside servers that do less."""

from collections.abc import Iterator

from mdxdash.hub.address import free_port
from tests.bench.programs import BARE_SERVER, dashboard, piped, sample
from tests.bench.report import Row, side_by_side
from tests.support.flood import flood

COUNT = 100_000


def rate(url: str) -> float:
    return COUNT / flood(url, COUNT)


def rows() -> Iterator[Row]:
    """Three rows of the table."""
    port = free_port("127.0.0.1")
    bare_url = f"ws://127.0.0.1:{port}/chat"
    with piped("-c", BARE_SERVER.format(prints=False), str(port)):
        with piped("-m", "mdxdash", "serve", "--port", "0", "--format", "jsonl") as (_, first):
            url = first.split()[-1].replace("localhost", "127.0.0.1")
            ours, bare, ratio = side_by_side(lambda: rate(url), lambda: rate(bare_url), 7)
            yield row("messages/s into `serve`, recording", ours, bare, ratio, 1.5)
        with dashboard() as (_, url):
            ours, bare, ratio = side_by_side(lambda: rate(url), lambda: rate(bare_url), 7)
            yield row("messages/s into the dashboard, recording", ours, bare, ratio, 1.2)
    with dashboard() as (_, url), sample() as (_, sample_url):
        ours, printed, ratio = side_by_side(lambda: rate(url), lambda: rate(sample_url), 5)
        yield row("the same, beside the sample that prints", ours, printed, ratio, 1.0)


def row(what: str, ours: float, reference: float, ratio: float, limit: float) -> Row:
    return Row(what, f"{ours:,.0f}/s", f"{reference:,.0f}/s", ratio, limit, at_least=True)
