"""The programs of a hub: starts them with the hub or at an agent's coming, and joins them to it."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

from mdxdash.catalog.check import doubts
from mdxdash.events.event import By, Event, is_of_agent
from mdxdash.events.log import EventLog
from mdxdash.events.repetition import Repetition
from mdxdash.filters.filter import Context, FilterError, parse
from mdxdash.hub.server import HubServer
from mdxdash.hub.targets import exactly, selects
from mdxdash.language.translation import N_
from mdxdash.macros.running.event_matching import Matches, event_matcher
from mdxdash.programs.left_over import end_left_over, program_marks
from mdxdash.programs.lines import event_line
from mdxdash.programs.program import Program
from mdxdash.settings.tables.command_sections import ProgramSettings
from mdxdash.wire.message import parse_message

_REFUSED_LINES: Final = 100
"""Lines of a program that may be refused in `_REFUSED_SECONDS`; then it waits."""

_REFUSED_SECONDS: Final = 0.05

_ERROR_LINES: Final = 100
"""Lines of a program's standard error that are recorded in a second."""


class ProgramRunner:
    """Runs the programs of a hub while `running` is entered."""

    def __init__(
        self, hub: HubServer, log: EventLog, programs: Mapping[str, ProgramSettings]
    ) -> None:
        """`programs` are their settings by name. Raises `FilterError` for a `feed` that is none."""
        self._hub = hub
        self._log = log
        self._jobs = [_Job(hub, log, name, each) for name, each in programs.items()]
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Runs the programs as long as the context lasts."""
        if not self._jobs:
            yield
            return
        unsubscribe = self._log.subscribe(self._receive)
        self._add(self._begin(), "")
        try:
            yield
        finally:
            unsubscribe()
            for task in self._tasks:
                task.cancel()
            if self._tasks:
                await asyncio.wait(self._tasks)

    async def _begin(self) -> None:
        """Ends what a process that is gone has left running, and starts the programs."""
        for process in await asyncio.to_thread(end_left_over, self._hub.port):
            text = N_("process {pid} of the hub that is gone was ended").format(pid=process)
            self._log.append("log", "", text=text, level="Status", by="program")
        for job in self._jobs:
            if job.settings.start == "hub":
                self._start(job, "")
        for agent in self._hub.connected:
            self._agent_came(agent.name)

    def kill(self) -> None:
        """Ends all of them at once: another process starts them anew."""
        for job in self._jobs:
            for program in job.running.values():
                program.kill()

    def _receive(self, event: Event) -> None:
        if event.kind == "connected" and is_of_agent(event):
            self._agent_came(event.agent)
        for job in self._jobs:
            job.receive(event)
        if event.kind == "disconnected" and is_of_agent(event):
            for task in self._tasks:
                if task.get_name() == f"agent {event.agent}":
                    task.cancel()

    def _agent_came(self, agent: str) -> None:
        for job in self._jobs:
            if job.settings.start == "agent" and job.is_for(agent):
                self._start(job, agent)

    def _start(self, job: "_Job", agent: str) -> None:
        if agent in job.running:
            return
        self._add(job.run(agent), agent)

    def _add(self, work: Coroutine[None, None, None], agent: str) -> None:
        task = asyncio.get_running_loop().create_task(work, name=f"agent {agent}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class _Job:
    """One `[program.NAME]`, with what runs of it: one, or one an agent."""

    def __init__(self, hub: HubServer, log: EventLog, name: str, settings: ProgramSettings) -> None:
        self.settings = settings
        self.running: dict[str, Program] = {}
        """By the agent that it is for; empty for all of them."""
        self._hub = hub
        self._log = log
        self._name = name
        self._sender: By = "-".join(filter(None, ("program", re.sub(r"\W", "_", name)[:40])))
        self._target = settings.target or None
        context = Context(now=time.time, marked=())
        self._feeds: Matches = event_matcher(parse(settings.feed), context, self._sender)
        self._repetition = Repetition()
        self._refused = 0
        """Lines that were refused since `_refused_since`, in monotonic seconds."""
        self._refused_since = 0.0
        self._second = 0
        self._error_lines = 0

    def is_for(self, agent: str) -> bool:
        """Returns whether an agent is one of its target."""
        return selects(self._target, agent, self._hub.groups)

    def receive(self, event: Event) -> None:
        """Feeds an event to what runs, if it is to get it: a message of an agent, which may stand
        in a line of the agent's log."""
        if not self.running or not (event.kind == "received" or event.level == "Sent"):
            return
        if not self._feeds(event):
            return
        if not self.is_for(event.agent):
            return
        line = event_line(event)
        for agent in ("", event.agent):
            if line and (program := self.running.get(agent)) is not None:
                program.feed(line)

    async def run(self, agent: str) -> None:
        """Runs it for an agent, or for all (empty)."""
        target = exactly(agent) if agent else self._target
        program = self.running[agent] = Program(
            self.settings.command,
            lambda: {
                **program_marks(self._name, self._hub.port),
                **({"MDXDASH_AGENT": agent} if agent else {}),
            },
            on_line=partial(self._send, target),
            on_error_line=partial(self._log_line, agent),
            on_fault=lambda text: self._fault(agent, text),
            ready=lambda: self._has_room(target),
            on_start=lambda pid: self._log_start(agent, pid),
        )
        try:
            await program.run()
        finally:
            del self.running[agent]

    def _send(self, target: str | None, line: str) -> None:
        message = parse_message(line)
        if not self._hub.unsafe and (found := doubts(line)):
            self._refuse(line, str(found[0]))
            return
        delivery = self._hub.send(message, target, by=self._sender, records_refusals=False)
        for reason in delivery.reasons:
            self._refuse(line, reason)

    def _has_room(self, target: str | None) -> bool:
        """Returns whether a line has room in the send queues, and not too many were refused a
        moment ago; else the program waits, so that a flood is sent whole. An agent that does not
        read is not waited for."""
        if self._refused >= _REFUSED_LINES:
            if time.monotonic() - self._refused_since < _REFUSED_SECONDS:
                return False
            self._refused = 0
        agents = [agent for agent in self._hub.targets(target) if not agent.paused]
        return all(len(agent.queue) <= agent.queue.limit // 2 for agent in agents)

    def _refuse(self, line: str, reason: str) -> None:
        if not self._refused:
            self._refused_since = time.monotonic()
        self._refused += 1
        missed = self._repetition.held_back(reason, time.monotonic())
        if missed is None:
            return
        more = N_(" (and once more)") if missed == 1 else N_(" (and {missed:,} times more)")
        more = more.format(missed=missed) if missed else ""
        # What is no UTF-8 is escaped: recordings and screens hold UTF-8.
        message = parse_message(line.encode("utf-8", "backslashreplace").decode())
        text = N_("program {name}: {reason}{more}").format(
            name=self._name, reason=reason, more=more
        )
        self._log.append("refused", "", message.type, message.args, text=text, by=self._sender)

    def _log_line(self, agent: str, line: str) -> None:
        second = int(time.monotonic())
        if second != self._second:
            if (left_out := self._error_lines - _ERROR_LINES) > 0:
                text = (
                    N_("wrote one more line to its standard error in a second")
                    if left_out == 1
                    else N_("wrote {count:,} more lines to its standard error in a second")
                )
                self._fault("", text.format(count=left_out))
            self._second, self._error_lines = second, 0
        self._error_lines += 1
        if self._error_lines <= _ERROR_LINES:
            text = line.encode("utf-8", "replace").decode()
            module = N_("program {name}").format(name=self._name)
            self._log.append(
                "log", agent, text=text, module=module, level="stderr", by=self._sender
            )

    def _log_start(self, agent: str, pid: int) -> None:
        """Records that it was started, also by a process that took over the hub."""
        module = N_("program {name}").format(name=self._name)
        text = N_("started as process {pid}").format(pid=pid)
        self._log.append("log", agent, text=text, module=module, level="Status", by=self._sender)

    def _fault(self, agent: str, text: str) -> None:
        self._log.append(
            "fault",
            agent,
            text=N_("program {name} {text}").format(name=self._name, text=text),
            by=self._sender,
        )


def check_feeds(programs: Mapping[str, ProgramSettings]) -> str:
    """Returns what is wrong with the filters of programs as a sentence; empty if nothing is."""
    for name, each in programs.items():
        try:
            parse(each.feed)
        except FilterError as error:
            return N_("[program.{name}] `feed`: {error} (column {position})").format(
                name=name, error=error, position=error.position + 1
            )
    return ""
