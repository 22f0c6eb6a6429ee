"""A GitHub of our own, and a desk that proposes to it."""

import pytest

from tests.hubs.worlds.github import github, no_waiting


@pytest.fixture(autouse=True)
def _no_waiting():
    with no_waiting():
        yield


@pytest.fixture
def world(tmp_path):
    return github(tmp_path)
