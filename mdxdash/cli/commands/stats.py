"""`mdxdash stats`: the numbers of a recording."""

import click

from mdxdash.cli.options import read_filter
from mdxdash.cli.output.standard_output import show, write_json
from mdxdash.cli.output.text_table import format_clock, format_size, table
from mdxdash.cli.recording_argument import read_events, recording_argument, report_damages
from mdxdash.events.printable import printable
from mdxdash.events.statistics import Summary, Traffic
from mdxdash.language.translation import _, ngettext
from mdxdash.recordings.reader import Recording


@click.command(name="stats")
@recording_argument
@click.option("--filter", "filter_text", default="", help="Count only these events.")
@click.option("--top", default=20, show_default=True, help="How many types to list; 0 for all.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with all types.")
def command(recording: Recording, filter_text: str, top: int, as_json: bool) -> None:
    """Show rates, round trips, lost echoes and types of a recording.

    FILE is a recording, or other text that mdxdash opens; `-` is standard input.
    """
    summary = Summary()
    for chunk in read_events(recording, read_filter(filter_text)):
        for event in chunk:
            summary.add(event)
    report_damages(recording)
    if as_json:
        write_json(_as_json(summary))
        return
    total = summary.total()
    show(
        ngettext(
            "{events:,} event in {seconds}, at most {peak:,} in one second, {bytes} on the wire\n",
            "{events:,} events in {seconds}, at most {peak:,} in one second, {bytes} on the wire\n",
            total.events,
        ).format(
            events=total.events,
            seconds=format_clock(summary.seconds),
            peak=summary.peak,
            bytes=format_size(total.bytes),
        )
    )
    show(_agents_table(summary, total))
    show(f"\n{_types_table(summary, top)}")


def _agents_table(summary: Summary, total: Traffic) -> str:
    heads = ("AGENT", "EVENTS", "EVENTS/S", "RECEIVED", "SENT", "LOST", "MEDIAN", "P95")
    rows = [(printable(name) or "-", traffic) for name, traffic in summary.agents.items()]
    if len(rows) != 1:
        rows.append(("total", total))
    return table(
        heads,
        (
            (
                name,
                f"{traffic.events:,}",
                _rate(summary.rate(traffic.events)),
                f"{traffic.received:,}",
                f"{traffic.sent:,}",
                f"{traffic.lost:,}",
                _milliseconds(traffic.round_trips.quantile(0.5)),
                _milliseconds(traffic.round_trips.quantile(0.95)),
            )
            for name, traffic in rows
        ),
    )


def _types_table(summary: Summary, top: int) -> str:
    counted = summary.by_count()
    rows = [
        (
            printable(name),
            f"{each.count:,}",
            f"{summary.share(name):.1%}",
            _rate(summary.rate(each.count)),
            f"{format_clock(each.last_seen - (summary.first or 0.0))}",
        )
        for name, each in counted[: top or None]
    ]
    if left := len(counted) - len(rows):
        rows.append((_("… and {left:,} more").format(left=left), "", "", "", ""))
    return table(("TYPE", "COUNT", "SHARE", "COUNT/S", "LAST AT"), rows)


def _rate(value: float | None) -> str:
    return "-" if value is None else f"{value:,.1f}"


def _milliseconds(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds * 1000:.1f} ms"


def _as_json(summary: Summary) -> dict[str, object]:
    return {
        "first": summary.first,
        "seconds": summary.seconds,
        "peak": summary.peak,
        "total": _traffic_json(summary, summary.total()),
        "agents": {
            name: _traffic_json(summary, traffic) for name, traffic in summary.agents.items()
        },
        "types": {
            name: {
                "count": each.count,
                "share": summary.share(name),
                "per_second": summary.rate(each.count),
                "last_seen": each.last_seen,
            }
            for name, each in summary.by_count()
        },
    }


def _traffic_json(summary: Summary, traffic: Traffic) -> dict[str, object]:
    return {
        "events": traffic.events,
        "per_second": summary.rate(traffic.events),
        "received": traffic.received,
        "sent": traffic.sent,
        "lost": traffic.lost,
        "bytes": traffic.bytes,
        "round_trip_median": traffic.round_trips.quantile(0.5),
        "round_trip_p95": traffic.round_trips.quantile(0.95),
    }
