"""The report that is sent to somebody."""

import sys
from pathlib import Path

import pytest

from mdxdash.alerts.alert import Alert
from mdxdash.alerts.alert_log import AlertLog
from mdxdash.alerts.report import report_text, write_report
from mdxdash.events.log import EventLog
from mdxdash.hub.server import HubServer
from mdxdash.settings.model import Settings
from mdxdash.settings.tables.hub_section import HubSettings
from mdxdash.version import __version__

SECRET = "s3cret-s3cret-s3cret"


@pytest.fixture
def settings() -> Settings:
    return Settings(Path("mdxdash.toml"), hub=HubSettings(port=9002, secret=SECRET))


def lost(log: EventLog) -> Alert:
    alerts = AlertLog(log)
    log.append("received", "chat", "RECOG_EVENT_STOP", "こんにちは\x1b[31m")
    log.append("disconnected", "chat", text="closed")
    return alerts.lost_agents[0]


def test_it_holds_versions_events_and_settings_but_no_secret(settings: Settings) -> None:
    log = EventLog()
    text = report_text(lost(log), HubServer(settings.hub, log), settings)
    assert f"mdxdash {__version__}" in text
    assert "RECOG_EVENT_STOP|こんにちは" in text
    assert "[hub] port = 9002" in text
    assert "[hub] secret" in text
    assert SECRET not in text
    assert "\x1b" not in text


def test_each_report_is_a_new_private_file(tmp_path: Path, settings: Settings) -> None:
    log = EventLog()
    alert = lost(log)
    hub = HubServer(settings.hub, log)
    first = write_report(tmp_path / "reports", alert, hub, settings)
    second = write_report(tmp_path / "reports", alert, hub, settings)
    assert first != second
    assert first.read_text(encoding="utf-8").startswith("mdxdash report\n")
    if sys.platform != "win32":
        assert first.stat().st_mode & 0o077 == 0
