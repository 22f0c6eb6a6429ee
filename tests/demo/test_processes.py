"""The demonstration's processes: what two of them at once must not spoil."""

import fcntl
import os

import pytest

from demo.processes import alone_in


def test_a_folder_is_held_by_one_at_a_time_and_let_go_afterwards(tmp_path):
    other = os.open(tmp_path, os.O_RDONLY)
    with alone_in(tmp_path), pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(other)


def test_a_folder_is_let_go_after_a_failure(tmp_path):
    with pytest.raises(OSError, match="full"), alone_in(tmp_path):
        raise OSError("full")
    with alone_in(tmp_path):
        pass
