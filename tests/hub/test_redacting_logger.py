"""websockets' log holds neither secrets nor passwords."""

import logging

import pytest

from mdxdash.hub.redacting_logger import RedactingLogger
from mdxdash.settings.tables.hub_section import HubSettings

SECRET = "0123456789abcdefABCDEF"
PASSWORD = "hunter2"


def test_a_failure_is_logged_without_the_secret(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)
    try:
        raise ValueError(f"no HTTP request: GET /chat/{SECRET} 100%s")
    except ValueError:
        RedactingLogger(HubSettings(secret=SECRET)).error("handshake failed", exc_info=True)
    assert "no HTTP request: GET /chat/*** 100%s" in caplog.text
    assert SECRET not in caplog.text


def test_a_failure_is_logged_without_the_password(caplog: pytest.LogCaptureFixture):
    try:
        raise ValueError(f"ws://me:{PASSWORD}@localhost/chat is none")
    except ValueError:
        RedactingLogger(HubSettings()).error("no handshake", exc_info=True)
    assert "ws://***@localhost/chat is none" in caplog.text
    assert PASSWORD not in caplog.text
