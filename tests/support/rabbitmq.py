"""A RabbitMQ of the tests' own, on free ports and in a folder of its own."""

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pytest

from mdxdash.hub.address import free_port
from tests.support.documents import DOCUMENTS
from tests.support.tls import written_pair
from tests.support.waiting import until

# Debian's command in the path changes to another user; this one runs as anybody.
SERVER: Final = shutil.which("rabbitmq-server", path="/usr/lib/rabbitmq/bin") or shutil.which(
    "rabbitmq-server"
)
CONTROL: Final = shutil.which("rabbitmqctl", path="/usr/lib/rabbitmq/bin") or shutil.which(
    "rabbitmqctl"
)

needs_rabbitmq: Final = pytest.mark.skipif(
    SERVER is None, reason="needs RabbitMQ (on Debian `apt install rabbitmq-server`)"
)

_START_WITHIN: Final = 60


class RabbitMq:
    """One node, with the users of the guide (`hub`, `driver`, `viewer`), and one that may do
    everything, `remdis`."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port("127.0.0.1")
        self._folder = folder
        self._environment = {
            **os.environ,
            "HOME": str(folder),
            "RABBITMQ_NODENAME": f"mdxdash{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(free_port("127.0.0.1")),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_CONF_ENV_FILE": str(folder / "none"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            # One scheduler is enough, and leaves the machine to the tests.
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 +sbwt none",
        }
        self.tls_port = free_port("127.0.0.1")
        self.certificate, key = written_pair(folder)
        """The file with that of its TLS port."""
        (folder / "rabbitmq.conf").write_text(
            f"listeners.ssl.default = 127.0.0.1:{self.tls_port}\n"
            f"ssl_options.certfile = {self.certificate}\n"
            f"ssl_options.keyfile = {key}\n",
            encoding="ascii",
        )
        self._environment["RABBITMQ_CONFIG_FILE"] = str(folder / "rabbitmq.conf")
        (folder / "plugins").write_text("[].\n", encoding="ascii")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address for the user `hub`."""
        return self.url_of("hub")

    @property
    def shown(self) -> str:
        """The address without a user."""
        return f"amqp://127.0.0.1:{self.port}"

    @property
    def process_group(self) -> int:
        """The group of its processes."""
        assert self._process is not None
        return self._process.pid

    def url_of(self, user: str) -> str:
        """The address for a user of `add_user`."""
        return f"amqp://{quote(user)}:{PASSWORD}@127.0.0.1:{self.port}"

    def start(self) -> None:
        """Starts the node, and waits until it takes connections."""
        assert SERVER is not None
        with (self._folder / "output").open("ab") as output:
            self._process = subprocess.Popen(
                [SERVER],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.control("wait", str(self._folder / "pid"), "--timeout", str(_START_WITHIN))
        self.control("await_startup")

    def kill(self) -> None:
        """Kills the node at once."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        until(lambda: not _listens(self.port))

    def add_user(self, name: str, configure: str, write: str, read: str) -> None:
        """Adds a user with permissions, as regular expressions."""
        # By standard input: a test looks for the password in the titles of all processes.
        self.control("add_user", name, stdin=PASSWORD)
        self.control("set_permissions", name, configure, write, read)

    def control(self, *arguments: str, stdin: str = "") -> str:
        """Runs `rabbitmqctl`; returns what it prints."""
        assert CONTROL is not None
        done = subprocess.run(
            [CONTROL, *arguments],
            env=self._environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=_START_WITHIN,
            check=False,
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout


PASSWORD: Final = "Correct-Horse-42"
"""The password of every user: it must be seen nowhere."""


def _listens(port: int) -> bool:
    import socket

    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def permissions_of_the_guide() -> dict[str, list[str]]:
    """What the guide gives each user to configure, write and read."""
    text = DOCUMENTS["fleet"]
    lines = [line for line in text.splitlines() if line.startswith("rabbitmqctl set_permissions")]
    found = [shlex.split(line)[2:] for line in lines]
    return {name: permissions for name, *permissions in found}


@contextmanager
def rabbitmq() -> Iterator[RabbitMq]:
    """A node that runs, and is killed when it is left."""
    with tempfile.TemporaryDirectory(prefix="rabbit-", ignore_cleanup_errors=True) as folder:
        node = RabbitMq(Path(folder))
        node.start()
        try:
            for name, permissions in permissions_of_the_guide().items():
                node.add_user(name, *permissions)
            node.add_user("remdis", ".*", ".*", ".*")
            yield node
        finally:
            node.kill()
