"""A scheduler whose clock the tests set, and agents that send what the tests say."""

import msgspec

from mdxdash.events.event import By, Event, Kind, Via
from mdxdash.filters.filter import Context
from mdxdash.macros.running.execution import RunContext
from mdxdash.macros.running.run_log import RunLog, RunRecord
from mdxdash.macros.running.scheduler import Scheduler
from mdxdash.macros.running.snapshot import MacrosSnapshot, RecordSnapshot
from mdxdash.wire.message import Message, format_message, parse_message
from tests.support.macro_texts import read


class Stage:
    """Macros of a TOML text at work. `now` is seconds; nothing happens but by the methods."""

    def __init__(self, text: str) -> None:
        self.macros = {macro.name: macro for macro in read(text)}
        self.now = 0.0
        self.sent: list[str] = []
        """`TYPE|args`, or `agent: TYPE|args` for an agent that is not `chat`."""
        self.refusal = ""
        self.reports: list[str] = []
        self.events: list[Event] = []
        self._begin()
        for macro in self.macros.values():
            if macro.on is not None:
                self.scheduler.enable_trigger(macro)

    def _begin(self) -> None:
        self.runs = RunLog()
        context = RunContext(
            send=self._send,
            find=self.macros.get,
            recent=lambda agent: tuple(e for e in self.events[-20:] if e.agent == agent),
            runs=self.runs,
            filters=Context(now=lambda: 1_000_000 + self.now, marked=()),
            groups={},
        )
        self.scheduler = Scheduler(
            context,
            lambda macro, agent, text: self.reports.append(f"{macro.name} on {agent}: {text}"),
            lambda macro: self.fire(macro.name),
        )

    def move(self, text: str | None = None) -> None:
        """Goes on with what another process would know, where the macros are those of `text`."""
        left = msgspec.msgpack.decode(
            msgspec.msgpack.encode(
                msgspec.structs.replace(
                    self.scheduler.snapshot(self.macros.values()),
                    records=tuple(map(RecordSnapshot.of, self.runs.records)),
                    begun=self.runs.begun,
                )
            ),
            type=MacrosSnapshot,
        )
        if text is not None:
            self.macros = {macro.name: macro for macro in read(text)}
        self._begin()
        self.runs.restore([each.record() for each in left.records], left.begun)
        self.scheduler.restore(left, self.macros, self.runs.records)

    def fire(self, name: str, agent: str = "chat", **params: str) -> RunRecord | None:
        run = self.scheduler.start(self.macros[name], agent, self.now, params=params)
        return None if run is None else run.record

    def run(self, name: str, **params: str) -> RunRecord:
        """Fires a macro that cannot be let go by."""
        record = self.fire(name, **params)
        assert record is not None
        return record

    def say(
        self,
        line: str,
        *,
        agent: str = "chat",
        kind: Kind = "received",
        echo: int | None = None,
        level: str = "",
        via: Via = "",
        by: By = "",
    ) -> Event:
        """An event happens, now."""
        message = parse_message(line)
        event = Event(
            len(self.events) + 1,
            self.now,
            kind,
            agent,
            message.type,
            message.args,
            echo=echo,
            level=level,
            via=via,
            by=by,
        )
        self.events.append(event)
        self.scheduler.receive(event, self.now)
        return event

    def wait(self, seconds: float) -> None:
        """Lets time go by; whoever has a deadline in between is called at it."""
        end = self.now + seconds
        while (at := self.scheduler.next_time()) is not None and at <= end:
            self.now = max(at, self.now)
            self.scheduler.tick(self.now)
        self.now = end

    def _send(self, message: Message, agent: str) -> str:
        if not self.refusal:
            line = format_message(message)
            self.sent.append(line if agent == "chat" else f"{agent}: {line}")
        return self.refusal
