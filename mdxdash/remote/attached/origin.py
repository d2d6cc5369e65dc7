"""Where a change comes from: from the hub, or from a person here, of whom the hub is to be told."""

from collections.abc import Iterator
from contextlib import contextmanager


class Origin:
    """Of the change that subscribers are called with now."""

    def __init__(self) -> None:
        self.is_hub = False
        """Whether it came from the hub, which need not be told of it."""

    @contextmanager
    def hub(self) -> Iterator[None]:
        """What changes in this context came from the hub."""
        before, self.is_hub = self.is_hub, True
        try:
            yield
        finally:
            self.is_hub = before
