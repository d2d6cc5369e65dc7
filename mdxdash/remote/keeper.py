"""The keeper: a process of its own that holds duplicates of a hub's sockets, and does nothing else.

When the hub is gone, for whatever reason, it starts another one and gives it the sockets, so no
agent loses its connection. It never reads or writes them. It is run as a file, with nothing but the
standard library (no translations either), so that it stays small: `python -I -S keeper.py N`.

The hub speaks over a pair of sockets (SOCK_SEQPACKET), a message a packet, with descriptors as
ancillary data. All contents but the first line of `B` are the hub's own business.

    B  the beginning: a line of JSON (`command`, `log`, `note`), then what a new hub needs;
       with the shared memory, the listening sockets, and the control socket
    A  an agent has connected: 8 bytes with its number, then what a new hub needs; with its socket
    R  an agent's connection has ended: 8 bytes with its number
    E  the hub ends, so there is nothing to keep

A new hub is given the same `B` and `A`, then `S`, and is the hub of this keeper from then on.
"""

# No import of this package: the keeper is run without it. Its lines go into the log only, so they
# are not translated.
import contextlib
import json
import os
import select
import signal
import socket
import sys
import time

DEATHS = 3
DEATHS_WITHIN = 60.0
"""A hub that dies so often in so many seconds is not started again until a person asks for it."""

LOOK_INTERVAL = 2.0
"""Seconds between two looks at the agents while there is no hub."""

PACKET_BYTES = 2**18
SOCKETS = 64
"""Descriptors that come with one message, at most."""


class Keeper:
    """Holds the sockets of one hub."""

    def __init__(self, hub: socket.socket) -> None:
        self.hub = hub
        self.beginning: tuple[bytes, list[int]] = (b"", [])
        self.agents: dict[bytes, tuple[bytes, list[int]]] = {}
        self.deaths: list[float] = []
        self.ended = False

    def run(self) -> None:
        """Holds on until the hub ends properly."""
        if sys.platform == "win32":
            raise NotImplementedError
        while not self.ended:
            try:
                data, descriptors, _, _ = socket.recv_fds(self.hub, PACKET_BYTES, SOCKETS)
            except OSError:
                data, descriptors = b"", []
            if data:
                self.take(data, descriptors)
            elif not self.agents or not self.beginning[1]:
                return  # it is gone, but there is nothing to keep
            elif not self.start_hub():
                return

    def take(self, data: bytes, descriptors: list[int]) -> None:
        """Takes a message of the hub."""
        kind, content = data[:1], data[1:]
        if kind == b"B":
            close_all(self.beginning[1])
            self.beginning = (content, descriptors)
        elif kind == b"A":
            number = content[:8]
            close_all(self.agents.get(number, (b"", []))[1])
            self.agents[number] = (content[8:], descriptors)
        elif kind == b"R":
            close_all(self.agents.pop(content[:8], (b"", []))[1])
        elif kind == b"E":
            self.ended = True

    def start_hub(self) -> bool:
        """Starts another hub; where it has died too often, only after a signal SIGUSR1. Returns
        False if all agents have gone while there was none."""
        if sys.platform == "win32":
            raise NotImplementedError
        now = time.monotonic()
        self.deaths = [*(at for at in self.deaths if now - at < DEATHS_WITHIN), now]
        if len(self.deaths) >= DEATHS:
            if not self.wait_for_a_person():
                return False
            self.deaths.clear()
        self.hub.close()
        self.hub, theirs = pair()
        self.say(f"the hub is gone: another one takes over its {len(self.agents)} agents")
        settings = self.settings()
        command = [*settings["command"], "takeover", "--kept"]
        for log in settings["log"]:
            command += ["--log-file", log]
        command.append(str(theirs.fileno()))
        os.set_inheritable(theirs.fileno(), True)
        try:
            os.posix_spawn(
                command[0],
                command,
                os.environ,
                setsigdef=[signal.SIGCHLD],
                setsigmask=[],
                setsid=True,
            )
        except OSError as error:
            self.say(f"{command[0]}: {error.strerror}")
        theirs.close()
        with contextlib.suppress(OSError):
            # It reads when it has loaded everything; what does not fit waits here.
            send(self.hub, b"B" + self.beginning[0], self.beginning[1])
            for number, (content, descriptors) in self.agents.items():
                send(self.hub, b"A" + number + content, descriptors)
            send(self.hub, b"S", [])
        return True

    def wait_for_a_person(self) -> bool:
        """Holds on without a hub until SIGUSR1; a file says so meanwhile. Returns False when all
        agents have gone."""
        if sys.platform != "linux":  # nothing is kept elsewhere (`handover.keeping`)
            raise NotImplementedError
        self.say(
            f"the hub has died {len(self.deaths)} times in {DEATHS_WITHIN:.0f} s and is not "
            f"started again; its {len(self.agents)} agents stay connected as long as the process "
            f"{os.getpid()} lives, and `mdxdash hub restart` or a signal SIGUSR1 to it starts a hub"
        )
        notes = self.settings().get("note", [])
        with contextlib.suppress(OSError):
            for note in notes:
                with open(note, "w", encoding="ascii") as file:  # noqa: PTH123  pathlib takes memory
                    file.write(f"{os.getpid()}\n")
        try:
            while not signal.sigtimedwait([signal.SIGUSR1], LOOK_INTERVAL):
                if not any(map(is_connected, self.agents.values())):
                    self.say("all its agents have gone: there is nothing to keep")
                    return False
            return True
        finally:
            with contextlib.suppress(OSError):
                for note in notes:
                    os.remove(note)  # noqa: PTH107

    def settings(self) -> dict[str, list[str]]:
        """Returns the first line of the beginning."""
        found: dict[str, list[str]] = json.loads(self.beginning[0].partition(b"\n")[0])
        return found

    def say(self, text: str) -> None:
        """Writes into the hub's log."""
        line = f"{time.strftime('%Y-%m-%d %H:%M:%S')} WARNING keeper {os.getpid()}: {text}\n"
        with contextlib.suppress(OSError, IndexError):
            log = os.open(self.settings()["log"][0], os.O_WRONLY | os.O_APPEND)
            os.write(log, line.encode())
            os.close(log)


def pair() -> tuple[socket.socket, socket.socket]:
    """Returns a pair of sockets that hold as much as the system allows."""
    if sys.platform == "win32":
        raise NotImplementedError
    ends = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in ends:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, PACKET_BYTES)
    return ends


def send(end: socket.socket, data: bytes, descriptors: list[int]) -> None:
    """Sends a message."""
    if sys.platform == "win32":
        raise NotImplementedError
    socket.send_fds(end, [data], descriptors)


def is_connected(agent: tuple[bytes, list[int]]) -> bool:
    """Returns whether the other side of an agent's connection has not closed it."""
    if sys.platform != "linux":  # nothing is kept elsewhere (`handover.keeping`)
        raise NotImplementedError
    looked = select.poll()
    looked.register(agent[1][0], select.POLLRDHUP)
    return not looked.poll(0)


def close_all(descriptors: list[int]) -> None:
    """Closes the duplicates held here."""
    for descriptor in descriptors:
        os.close(descriptor)


def main() -> None:
    """Keeps the sockets of the hub at the other end of the socket that is named."""
    if sys.platform == "win32":
        raise NotImplementedError
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for ignored in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(ignored, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
    Keeper(socket.socket(fileno=int(sys.argv[1]))).run()


if __name__ == "__main__":
    main()
