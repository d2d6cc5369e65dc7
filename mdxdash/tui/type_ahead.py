"""Keys that were typed ahead: an app that takes one key after the other."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

from textual import events, on
from textual.app import App
from textual.command import CommandPalette
from textual.dom import DOMNode
from textual.message import Message
from textual.screen import Screen
from textual.worker import Worker

ReturnT = TypeVar("ReturnT")

PATIENCE: Final = 2.0
"""Seconds that a key waits for the one before it at most."""

OPENING: Final = "opening"
"""The group of workers that open a dialog when they have read what it shows."""

_LOOK_INTERVAL: Final = 0.01
"""Seconds between two looks whether the palette has found what matches, or a dialog is there."""

_FIRST_RETRY: Final = 0.05
"""Seconds after which a `Followed` counts as lost for the first time; then twice as many."""


class Followed(Message):
    """Goes the way of a key, behind it and behind what it brought about, and comes back to the app
    when all that is done. It is lost if the way is closed, as that of a dialog which is left."""

    def __init__(self, turn: int, round_: int, through: DOMNode) -> None:
        super().__init__()
        self.turn = turn
        self.round = round_
        self.through = through


class TypeAheadApp(App[ReturnT]):
    """An app in which each key goes where the keys before it have led.

    Textual (8.2) passes a key on to the widget that has the focus when it is read, and looks its
    binding up when it has come back from there. Of two keys in one read, as a slow connection or a
    busy app has them, the second one misses the dialog or the text field that the first one opens,
    so that text is carried out as commands; letters overtake a backspace; and a dialog that is
    already left gets the second one too. Here it waits until the first one is done with.
    """

    def __init__(self) -> None:
        super().__init__()
        self._typed: deque[events.Key | events.Paste | Callable[[], Awaitable[None]]] = deque()
        """What waits. There is no limit, as there is none for the queue of Textual's app."""
        self._turn = 0
        """The number of the key that was passed on last."""
        self._round = 0
        """How often its way has been gone behind it; 0 when it is done with."""
        self._until = 0.0
        """When it is no longer waited for, in the event loop's time."""
        self._retry: asyncio.TimerHandle | None = None
        self._before: tuple[Screen[Any] | None, frozenset[Worker[Any]]] = (None, frozenset())
        """The screen, and the workers that were opening a dialog, when that key was passed on."""

    @property
    def keys_are_done(self) -> bool:
        """Whether there is no key whose action is still to come."""
        return not self._round and not self._typed

    def as_typed(self, event: events.Key | events.Paste) -> events.Key | events.Paste:
        """Returns a key or a pasted text as the app takes it, when its turn has come."""
        return event

    async def on_event(self, event: events.Event) -> None:
        if not isinstance(event, events.Key | events.Paste):
            await super().on_event(event)
        elif not self.screen_stack:
            pass  # the app ends, and Textual would look for the screen that the key is for
        elif event.is_forwarded:
            await super().on_event(event)
            if self._round == 1:
                # The action is done. If it has closed a dialog, `Followed` is lost there.
                self._follow(_FIRST_RETRY)
        else:
            await self.after_keys(event)

    async def after_keys(
        self, typed: events.Key | events.Paste | Callable[[], Awaitable[None]]
    ) -> None:
        """Passes a key on, or does something, when all keys are done with that came before."""
        self._typed.append(typed)
        if not self._round:
            await self._take_next()

    async def _take_next(self) -> None:
        self._round = 0
        while self._typed and not self._round and self.screen_stack:
            self._turn += 1
            self._until = asyncio.get_running_loop().time() + PATIENCE
            typed = self._typed.popleft()
            way = self._way
            self._round = 1
            self._before = self.screen, frozenset(self._opening_workers())
            if isinstance(typed, events.Event):
                await super().on_event(self.as_typed(typed))
            else:
                await typed()
            self._send(way, _FIRST_RETRY)

    @property
    def _way(self) -> DOMNode | None:
        """Where a key goes first, as things are now; None when the app ends."""
        return (self.focused or self.screen) if self.screen_stack else None

    @property
    def _is_searching(self) -> bool:
        """Whether the palette still shows the matches of an older text, or none: Enter would choose
        among these."""
        screen = self.screen_stack[-1] if self.screen_stack else None
        return isinstance(screen, CommandPalette) and any(
            worker.node is screen and not worker.is_finished for worker in self.workers
        )

    @property
    def _is_opening(self) -> bool:
        """Whether the key has started a worker that has yet to open its dialog."""
        screen, opening = self._before
        new = set(self._opening_workers()) - opening
        return bool(new) and bool(self.screen_stack) and self.screen is screen

    def _opening_workers(self) -> list[Worker[Any]]:
        return [each for each in self.workers if each.group == OPENING and not each.is_finished]

    def _follow(self, retry: float) -> None:
        self._round += 1
        self._send(self._way, retry)

    def _send(self, way: DOMNode | None, retry: float) -> None:
        if self._retry is not None:
            self._retry.cancel()
        if way is None:
            self._round = 0
            return
        way.post_message(Followed(self._turn, self._round, way))
        self._retry = asyncio.get_running_loop().call_later(
            retry, self.call_later, self._send_again, self._turn, self._round, 2 * retry
        )

    async def _send_again(self, turn: int, round_: int, retry: float) -> None:
        if (turn, round_) != (self._turn, self._round):
            return
        if asyncio.get_running_loop().time() < self._until:
            self._follow(retry)
        else:
            await self._take_next()

    @on(Followed)
    async def _followed(self, followed: Followed) -> None:
        if (followed.turn, followed.round) != (self._turn, self._round):
            return
        if followed.round == 1 or followed.through is not self._way:
            # Once more: behind what its action brought about, and on the way on which that has
            # led, perhaps into a screen that has yet to be mounted.
            self._follow(_FIRST_RETRY)
            return
        if self._retry is not None:
            self._retry.cancel()
        if (
            self._is_searching or self._is_opening
        ) and asyncio.get_running_loop().time() < self._until:
            self._retry = asyncio.get_running_loop().call_later(
                _LOOK_INTERVAL, self.call_later, self._followed, followed
            )
            return
        await self._take_next()
