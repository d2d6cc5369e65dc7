"""A logger for what must not hold the secret: requests that fail are logged with their path."""

import logging
import traceback
from collections.abc import MutableMapping
from typing import Any

from mdxdash.hub.settings import HubSettings

_log = logging.getLogger("mdxdash.hub.websockets")
# Debug would name every frame, and building that costs more than handling the frame.
_log.setLevel(logging.INFO)


class DiscreetLogger(logging.LoggerAdapter[logging.Logger]):
    """Hands on what websockets logs, tracebacks included, without the secret."""

    def __init__(self, settings: HubSettings) -> None:
        super().__init__(_log)
        self._settings = settings

    def process(
        self, msg: Any, kwargs: MutableMapping[str, Any]
    ) -> tuple[Any, MutableMapping[str, Any]]:
        """The message with its traceback in it, as it may be written."""
        if kwargs.pop("exc_info", None):
            msg = f"{msg}\n{traceback.format_exc().rstrip()}"
        return self._settings.hide(str(msg)), kwargs
