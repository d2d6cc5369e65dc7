"""A logger for what must not hold secrets: requests that fail are logged with their address."""

import logging
import re
import traceback
from collections.abc import MutableMapping
from typing import Any, Final

from mdxdash.settings.hub import HIDDEN, HubSettings

_log = logging.getLogger("mdxdash.hub.websockets")
# Debug would name every frame, and building that costs more than handling the frame.
_log.setLevel(logging.INFO)

_PASSWORD: Final = re.compile(r"(\w+://)\S*@")


class RedactingLogger(logging.LoggerAdapter[logging.Logger]):
    """Hands on what websockets logs, tracebacks included, without the secret, nor the password of
    an address."""

    def __init__(self, settings: HubSettings) -> None:
        super().__init__(_log)
        self._settings = settings

    def process(
        self, msg: Any, kwargs: MutableMapping[str, Any]
    ) -> tuple[Any, MutableMapping[str, Any]]:
        """The message with its traceback in it, as it may be written."""
        if kwargs.pop("exc_info", None):
            msg = f"{msg}\n{traceback.format_exc().rstrip()}"
        text = _PASSWORD.sub(rf"\1{HIDDEN}@", self._settings.hide(str(msg)))
        return text, kwargs
