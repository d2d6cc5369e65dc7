"""Builds what a dashboard on all hubs of a broker works with."""

from functools import partial
from pathlib import Path

from mdxdash.alerts.alert import Alert
from mdxdash.alerts.report import reports_directory, write_report
from mdxdash.cli.dashboards.fleet_person import person
from mdxdash.events.log import EventLog
from mdxdash.language.translation import current
from mdxdash.remote.fleet.broker_address import BrokerAddress
from mdxdash.remote.fleet.watching.fleet_watch import FleetWatch
from mdxdash.settings.model import Settings
from mdxdash.settings.saving import save_filter, save_setting
from mdxdash.settings.sent_history import SentHistory, user_history_file
from mdxdash.tui.app_context import AppContext


def fleet_session(
    settings: Settings,
    address: BrokerAddress,
    *,
    only: str = "",
    since: float | None = None,
    read_only: bool = False,
) -> tuple[AppContext, FleetWatch]:
    """Builds everything; nothing is connected yet. See `FleetWatch` for the arguments."""
    log = EventLog(settings.log.events, settings.log.bytes)
    watch = FleetWatch(
        address,
        log,
        only=only,
        since=since,
        groups=settings.groups,
        person=person(),
        read_only=read_only,
    )
    context = AppContext(
        log=log,
        hub=watch.hub,
        macro_file=None,
        runner=watch.macros,
        services=[watch],
        history=SentHistory(user_history_file()),
        language=current(),
        theme=settings.screen.theme,
        gap=settings.screen.gap,
        filters=dict(settings.filters),
        highlights=settings.highlights,
        keys=settings.keys,
        screen=settings.screen,
        bell=settings.alerts.bell,
        keep_screen=lambda key, value: save_setting(settings.file, f"screen.{key}", value),
        keep_theme=partial(save_setting, settings.file, "screen.theme"),
        keep_filter=partial(save_filter, settings.file),
        answer_within=settings.dialogue.answer_within,
        warning=lambda: watch.warning,
        take_news=watch.take_news,
        write_report=partial(_write_report, watch, settings),
    )
    return context, watch


def _write_report(watch: FleetWatch, settings: Settings, alert: Alert) -> Path:
    """As `AppContext.write_report`; the settings in it are this dashboard's."""
    return write_report(reports_directory(), alert, watch.hub, settings)
