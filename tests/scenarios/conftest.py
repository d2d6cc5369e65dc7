"""One RabbitMQ for all scenarios of a process that do not stop it."""

from collections.abc import Iterator

import pytest

from tests.support.rabbitmq import RabbitMq, rabbitmq


@pytest.fixture(scope="session")
def broker() -> Iterator[RabbitMq]:
    """A node that runs; tests with it are skipped where there is none."""
    with rabbitmq() as node:
        yield node
