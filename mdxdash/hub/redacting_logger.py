"""The logger that websockets gets: it removes secrets, since a failed request is logged with its
address."""

import logging
import re
import traceback
from collections.abc import MutableMapping
from typing import Any, Final

from mdxdash.settings.redaction import HIDDEN
from mdxdash.settings.tables.hub_section import HubSettings

_log = logging.getLogger("mdxdash.hub.websockets")
# Debug would name every frame, and building that costs more than handling the frame.
_log.setLevel(logging.INFO)

_PASSWORD: Final = re.compile(r"(\w+://)\S*@")


class RedactingLogger(logging.LoggerAdapter[logging.Logger]):
    """Logs what websockets logs, tracebacks included, without the secret and without the passwords
    of addresses."""

    def __init__(self, settings: HubSettings) -> None:
        super().__init__(_log)
        self._settings = settings

    def process(
        self, msg: Any, kwargs: MutableMapping[str, Any]
    ) -> tuple[Any, MutableMapping[str, Any]]:
        """Returns the message, with its traceback, without what is private."""
        if kwargs.pop("exc_info", None):
            msg = f"{msg}\n{traceback.format_exc().rstrip()}"
        text = _PASSWORD.sub(rf"\1{HIDDEN}@", self._settings.hide(str(msg)))
        return text, kwargs
