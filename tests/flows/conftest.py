"""One demonstration for all flows; they meet different people in it."""

from collections.abc import Iterator

import pytest

from tests.flows.world import World, start


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    running = start(tmp_path_factory.mktemp("demo"))
    yield running
    assert running.stop() == 0
