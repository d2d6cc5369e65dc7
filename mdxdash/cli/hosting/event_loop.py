"""The event loop of a hub without a screen: the one of uvloop (on Windows winloop) where it is
installed (`pip install '.[fast]'`), else asyncio's."""

import asyncio
import importlib
import logging
import os
import sys
from collections.abc import Callable
from typing import Final

from mdxdash.cli.options import fail
from mdxdash.language.translation import _

LOOP_VARIABLE: Final = "MDXDASH_LOOP"
"""With the value `asyncio` the installed loop is not used. No setting, since a process that takes a
hub over needs its loop before it is given the settings; a variable it inherits."""

_logger = logging.getLogger(__name__)


def hub_loop(*, tls: bool = False) -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Returns what makes the loop, for `asyncio.Runner`; None: asyncio does. Logs which it is.

    Ends the program with code 2 where the variable has another value.

    * `tls`: whether the hub listens with TLS. That needs asyncio's loop: the others read from a
      connection before its TLS can begin (uvloop, `UVBaseTransport._call_connection_made`).
    """
    wanted = os.environ.get(LOOP_VARIABLE, "")
    if wanted not in ("", "asyncio"):
        fail(
            _("{variable} can only be asyncio, not {wanted}").format(
                variable=LOOP_VARIABLE, wanted=wanted
            )
        )
    name = "winloop" if sys.platform == "win32" else "uvloop"
    if wanted:
        return None
    try:
        module = importlib.import_module(name)
    except ImportError:
        return None
    if tls:
        _logger.info("event loop: asyncio's, since with TLS %s's reads too early", name)
        return None
    _logger.info("event loop: %s %s", name, module.__version__)
    make: Callable[[], asyncio.AbstractEventLoop] = module.new_event_loop
    return make
