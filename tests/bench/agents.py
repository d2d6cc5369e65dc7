"""Ten agents that all talk to one `serve`, and what is sent to some of them meanwhile.

The hub's account is its JSON lines on stdout; the agents' is what the simulators took in.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
from websockets.asyncio.client import ClientConnection, connect

from mdxdash.simulator import Simulator
from mdxdash.simulator.client import ClientEvent, Connected
from mdxdash.simulator.input_parser import Issued
from tests.bench.programs import environment
from tests.bench.report import Row
from tests.scenarios.test_many_agents import AGENTS, BURST, GROUPS, MEANT, PER_SECOND
from tests.support.waiting import GUARD

COMMAND_PAUSE = 0.1


class Line(msgspec.Struct, frozen=True):
    """Of an event in JSON, what is looked at."""

    kind: str
    agent: str = ""
    type: str = ""
    args: str = ""


class Run:
    """What was said and sent, and what came of it."""

    def __init__(self, each: int) -> None:
        self.each = each
        """Events an agent says."""
        self.attributed: dict[str, list[str]] = {}
        """What the hub has each agent say."""
        self.meant: dict[str, list[str]] = {name: [] for name in AGENTS}
        """The commands that each agent is to get, by their number."""
        self.obeyed: dict[str, list[str]] = {name: [] for name in AGENTS}
        self.answers: dict[int, list[str]] = {}
        """The agents that the hub says to have sent each command to."""
        self.commands: list[str | None] = []
        """The target of each."""
        self.seconds = 0.0

    def take(self, line: bytes) -> None:
        """Takes a line of the hub's."""
        event = msgspec.json.decode(line, type=Line)
        if event.kind == "received" and event.type == "SAID":
            self.attributed.setdefault(event.agent, []).append(event.args)

    @property
    def complete(self) -> bool:
        heard = sum(map(len, self.attributed.values())) >= self.each * len(AGENTS)
        return heard and sum(map(len, self.obeyed.values())) >= sum(map(len, self.meant.values()))

    @property
    def wrong_events(self) -> int:
        """Events that are lost, doubled, out of order, or another agent's."""
        wrong = sum(len(heard) for name, heard in self.attributed.items() if name not in AGENTS)
        for name in AGENTS:
            heard = self.attributed.get(name, [])
            said = [f"{name}|{number}" for number in range(self.each)]
            wrong += sum(a != b for a, b in zip(heard, said, strict=False))
            wrong += abs(len(said) - len(heard))
        return wrong

    @property
    def wrong_commands(self) -> int:
        """Commands that came to an agent they were not for, or not to one they were for."""
        answers = [self.answers.get(number) for number in range(len(self.commands))]
        wrong = sum(a != MEANT[target] for a, target in zip(answers, self.commands, strict=True))
        return wrong + sum(self.obeyed[name] != self.meant[name] for name in AGENTS)


def rows(seconds: int) -> Iterator[Row]:
    """Three rows."""
    run = asyncio.run(measured(seconds))
    count = run.each * len(AGENTS)
    what = f"{len(AGENTS)} agents, {PER_SECOND} events/s each, for {seconds} s"
    yield Row(
        what,
        f"{count / run.seconds:,.0f} events/s said",
        "as many as meant",
        count / run.seconds / (len(AGENTS) * PER_SECOND),
        0.98,
        at_least=True,
    )
    heard = sum(map(len, run.attributed.values()))
    yield Row(
        "of these events, lost or another agent's",
        f"{heard:,} came",
        f"{count:,} were said",
        run.wrong_events,
        0,
        at_least=False,
        unit="wrong",
    )
    yield Row(
        "commands to all, groups, patterns and =name meanwhile",
        f"{len(run.commands):,} sent, came {sum(map(len, run.obeyed.values())):,} times",
        f"{sum(map(len, run.meant.values())):,} times",
        run.wrong_commands,
        0,
        at_least=False,
        unit="wrong",
    )


async def measured(seconds: int) -> Run:
    """The load against a hub in a process of its own."""
    run = Run(seconds * PER_SECOND)
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "mdxdash.toml")
        groups = "".join(f"{json.dumps(n)} = {json.dumps(m)}\n" for n, m in GROUPS.items())
        config.write_text(f"[groups]\n{groups}", encoding="utf-8")
        command = "-m mdxdash serve --port 0 --tap --format jsonl --config"
        hub = await asyncio.create_subprocess_exec(
            sys.executable,
            *command.split(),
            str(config),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environment(folder),
        )
        assert hub.stdout is not None and hub.stderr is not None
        listening = asyncio.create_task(listen(hub.stdout, run))
        try:
            first = (await hub.stderr.readline()).decode()
            await load(run, first.split()[-1].replace("localhost", "127.0.0.1"))
        finally:
            hub.terminate()  # killed, its keeper would start another one
            await hub.wait()
            await listening
    return run


async def listen(stdout: asyncio.StreamReader, run: Run) -> None:
    """Takes each of the hub's lines, to its end."""
    async for line in stdout:
        run.take(line)


async def load(run: Run, url: str) -> None:
    """Everybody talks and obeys, until all that was said has come."""
    tasks = []
    simulators = {}
    for name in AGENTS:
        there = asyncio.Event()
        simulator = Simulator(
            url.replace("/chat", f"/{name}"),
            on_event=lambda what, name=name, there=there: note(run, name, there, what),
        )
        simulators[name] = simulator
        tasks.append(asyncio.create_task(simulator.run()))
        await there.wait()
    async with connect(url.replace("/chat", "/tap"), max_queue=None, close_timeout=0.2) as tap:
        answers = asyncio.create_task(read_answers(tap, run))
        began = time.monotonic()
        talks = [talk(simulator, name, run.each) for name, simulator in simulators.items()]
        commands = asyncio.create_task(send_commands(tap, run))
        await asyncio.gather(*talks)
        run.seconds = time.monotonic() - began
        commands.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(GUARD):
                while not run.complete or len(run.answers) < len(run.commands):
                    await asyncio.sleep(0.05)
        for task in (*tasks, answers):
            task.cancel()
        await asyncio.gather(*tasks, answers, commands, return_exceptions=True)


def note(run: Run, name: str, there: asyncio.Event, what: ClientEvent) -> None:
    """Something has happened to a simulated agent."""
    if isinstance(what, Connected):
        there.set()
    elif isinstance(what, Issued) and what.message.type == "COMMAND":
        run.obeyed[name].append(what.message.args)


async def talk(simulator: Simulator, name: str, count: int) -> None:
    """Says all lines of one agent, at its rate."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    for number in range(count):
        if number % BURST == 0:
            await asyncio.sleep(max(0.0, began + number / PER_SECOND - loop.time()))
        simulator.issue(f"SAID|{name}|{number}")


async def send_commands(tap: ClientConnection, run: Run) -> None:
    """Sends to each target in turn, until cancelled."""
    targets = list(MEANT)
    while True:
        number = len(run.commands)
        target = targets[number % len(targets)]
        run.commands.append(target)
        for name in MEANT[target]:
            run.meant[name].append(str(number))
        await tap.send(json.dumps({"send": f"COMMAND|{number}", "to": target, "id": number}))
        await asyncio.sleep(COMMAND_PAUSE)


async def read_answers(tap: ClientConnection, run: Run) -> None:
    """Notes what the hub answers to each command; the events between are the same as on stdout."""
    async for line in tap:
        assert isinstance(line, str)
        if line.startswith('{"answer"'):
            reply = json.loads(line)
            run.answers[reply["answer"]] = reply.get("agents", [])
