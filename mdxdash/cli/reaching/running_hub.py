"""The running hub that a command speaks to: which one is meant, and what goes wrong."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any, NoReturn, TypeVar

import click

from mdxdash.cli.exit_codes import FAILED
from mdxdash.cli.options import fail
from mdxdash.cli.output.diagnostics import report
from mdxdash.cli.shown_language import take_wrong
from mdxdash.language.translation import N_, _
from mdxdash.remote.control_folder import NoControlFolder
from mdxdash.remote.control_socket import HubAddress, NoSuchHub, hub_address
from mdxdash.remote.followed_hub import FollowedHub
from mdxdash.remote.protocol import Attach
from mdxdash.remote.running_hubs import running_hubs
from mdxdash.remote.shell_client import HubGone, Refused, ShellClient

F = TypeVar("F", bound=Callable[..., Any])
Client = TypeVar("Client")


def running_hub_option(function: F) -> F:
    """Adds `--name`, for a command that speaks to a running hub."""
    text = N_("Name of the hub (`mdxdash hub list`).  [default: the one that runs]")
    return click.option("--name", metavar="NAME", help=text)(function)


def chosen_hub(name: str | None) -> HubAddress:
    """Returns the control socket of the hub of that name; None: of the one that runs. Exits with
    code 2 where there is none, or several. Reports what is wrong with the language of the
    settings, which such a command reads nothing else of."""
    if wrong := take_wrong():
        report(f"mdxdash: {wrong}")
    try:
        if name is not None:
            return hub_address(name)
        hubs = running_hubs()
    except (NoSuchHub, NoControlFolder) as error:
        fail(str(error))
    if not hubs:
        fail(_("no hub runs; `mdxdash hub start` starts one"))
    if len(hubs) > 1:
        fail(
            _("several hubs run: {name}; name one of them").format(
                name=", ".join(hub.name for hub in hubs)
            )
        )
    return hubs[0].address


def connected(address: HubAddress, attach: Attach) -> AbstractContextManager[ShellClient]:
    """Gives a connection to the hub. Exits with code 2 where there is none, and with code 1 when
    the hub refuses a request, ends, or does not answer."""
    return _entered(ShellClient(address, attach), address.name)


def followed(address: HubAddress, attach: Attach) -> AbstractContextManager[FollowedHub]:
    """Gives a connection to the hub that outlives its process: it goes on when another process
    takes the hub over. Otherwise as `connected`."""
    return _entered(FollowedHub(address, attach), address.name)


@contextmanager
def _entered(connection: AbstractContextManager[Client], name: str) -> Iterator[Client]:
    with ExitStack() as stack:
        try:
            client = stack.enter_context(connection)
        except (NoSuchHub, Refused, HubGone, OSError) as error:
            fail(_("the hub {name}: {error}").format(name=name, error=error))
        try:
            yield client
        except (Refused, HubGone, TimeoutError) as error:
            failed(_("the hub {name}: {error}").format(name=name, error=error))


def failed(message: str) -> NoReturn:
    """Prints why the command did not succeed, and exits with code 1."""
    report(f"mdxdash: {message}")
    sys.exit(FAILED)
