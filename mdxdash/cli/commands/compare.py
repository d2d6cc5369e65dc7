"""`mdxdash compare`: two sessions beside each other, turn by turn."""

import sys
from typing import Final

import click

from mdxdash.cli.exit_codes import FAILED
from mdxdash.cli.output.diagnostics import report
from mdxdash.cli.output.standard_output import show, write_json
from mdxdash.cli.output.text_table import table
from mdxdash.cli.recorded_turns import turns_of
from mdxdash.cli.recording_argument import RECORDING_PATH, read_recording, report_damages
from mdxdash.dialogue.comparison import SIGNS, TURNS_MAX, Comparison, Difference, Pair
from mdxdash.dialogue.turn import Turn
from mdxdash.dialogue.turn_formats import milliseconds, turn_text
from mdxdash.events.text import clock
from mdxdash.language.translation import N_, _, ngettext
from mdxdash.recordings.reader import Recording


def _read_percentage(
    ctx: click.Context, parameter: click.Parameter, value: str | None
) -> float | None:
    """Returns `20%` as the part of a whole."""
    if value is None:
        return None
    try:
        number = float(value.removesuffix("%")) / 100
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        raise click.BadParameter(_("{value!r} is no percentage such as 20%").format(value=value))
    return number


_DIFFERENCES: Final[tuple[Difference, ...]] = (
    N_("answered otherwise"),
    N_("late"),
    N_("missing"),
    N_("new"),
    N_("reordered"),
)


@click.command(name="compare")
@click.argument(
    "old",
    metavar="OLD",
    type=RECORDING_PATH,
    callback=lambda ctx, parameter, path: read_recording(path),
)
@click.argument(
    "new",
    metavar="NEW",
    type=RECORDING_PATH,
    callback=lambda ctx, parameter, path: read_recording(path),
)
@click.option(
    "--fail-slower",
    metavar="PERCENT",
    callback=_read_percentage,
    help="End with 1 if the median, the 95th percentile or a turn marked `!` is slower by more.",
)
@click.option("--all", "shows_all", is_flag=True, help="Also list the turns that are alike.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(
    old: Recording, new: Recording, fail_slower: float | None, shows_all: bool, as_json: bool
) -> None:
    """Compare two sessions: what was said and answered, and how long the user waited.

    Turns are aligned by the user's words. `~` is answered otherwise, `!` far later than the others,
    `-` missing, `+` new, `>` reordered. A change of latencies counts if it is at least 30 ms in the
    mean, and if chance alone would bring it less often than in 1 % of cases (a permutation test).

    OLD and NEW are recordings, or other text that mdxdash opens.
    """
    before, after = _turns(old), _turns(new)
    comparison = Comparison(before, after)
    report_damages(old)
    report_damages(new)
    if comparison.left_out:
        report(
            _("mdxdash: only the first {most:,} turns of each session are compared").format(
                most=TURNS_MAX
            )
        )
    slower = fail_slower is not None and comparison.slower_by(fail_slower)
    if as_json:
        write_json(_as_json(comparison, slower))
    else:
        _show(comparison, shows_all=shows_all)
    if slower:
        report(_("mdxdash: slower by more than {limit:.0%}").format(limit=fail_slower))
        sys.exit(FAILED)


def _turns(recording: Recording) -> list[Turn]:
    return sorted(turns_of(recording), key=lambda turn: turn.number)


def _show(comparison: Comparison, *, shows_all: bool) -> None:
    pairs = [pair for pair in comparison.pairs if shows_all or pair.difference]
    for pair in pairs:
        for line in _lines(pair):
            show(line)
    if pairs:
        show()
    alike = comparison.count("")
    counts = [ngettext("{value:,} turn alike", "{value:,} turns alike", alike).format(value=alike)]
    counts += [
        f"{count:,} {_(difference)}"
        for difference in _DIFFERENCES
        if (count := comparison.count(difference))
    ]
    show(f"{', '.join(counts)}\n")
    heads = ("LATENCY", "TURNS", "MEDIAN", "NOW", "CHANGE", "P95", "NOW", "CHANGE")
    show(
        table(
            heads,
            [
                (
                    change.name,
                    f"{len(change.new):,}",
                    *_cells(change.of(0.5)),
                    *_cells(change.of(0.95)),
                )
                for change in comparison.changes
            ],
        )
    )
    show(f"\n{comparison.verdict()}")


def _cells(values: tuple[float | None, float | None, float | None]) -> tuple[str, str, str]:
    before, after, change = values
    return milliseconds(before), milliseconds(after), _signed(change)


def _signed(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds * 1000:+,.0f} ms"


def _lines(pair: Pair) -> list[str]:
    sign = SIGNS[pair.difference]
    if pair.old is None or pair.new is None:
        turn = pair.old or pair.new
        assert turn is not None
        return [f"{sign} {_when(turn)}  {turn_text(turn)}"]
    latency = ""
    if pair.change is not None:
        before, after = milliseconds(pair.old.latency), milliseconds(pair.new.latency)
        latency = f"  [{before} → {after}, {_signed(pair.change)}]"
    first = f"{sign} {_when(pair.new)}  {turn_text(pair.new)}{latency}"
    if pair.difference == "answered otherwise":
        return [first, f"  before:       {turn_text(pair.old)}"]
    if pair.difference == "reordered":
        return [first, _("  before: {old}").format(old=_when(pair.old))]
    return [first]


def _when(turn: Turn) -> str:
    return clock(turn.begin if turn.heard is None else turn.heard)


def _as_json(comparison: Comparison, slower: bool) -> dict[str, object]:
    return {
        "alike": comparison.count(""),
        "answered_otherwise": comparison.count("answered otherwise"),
        "late": comparison.count("late"),
        "missing": comparison.count("missing"),
        "new": comparison.count("new"),
        "reordered": comparison.count("reordered"),
        "changed": comparison.changed,
        "mean_change": round(comparison.mean_change, 6),
        "chance": comparison.chance,
        "slower": slower,
        "latencies": {
            change.name: {
                "count": len(change.new),
                "median": [_rounded(each) for each in change.of(0.5)],
                "p95": [_rounded(each) for each in change.of(0.95)],
            }
            for change in comparison.changes
        },
        "turns": [
            {
                "difference": pair.difference,
                "words": (pair.new or pair.old).words,  # type: ignore[union-attr]
                "old": pair.old.text if pair.old else None,
                "new": pair.new.text if pair.new else None,
                "old_latency": _rounded(pair.old.latency if pair.old else None),
                "new_latency": _rounded(pair.new.latency if pair.new else None),
            }
            for pair in comparison.pairs
        ],
    }


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 6)
