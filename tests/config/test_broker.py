"""The embedded broker's messages are whole: a worker never meets half of one."""

import threading
from queue import Empty

import pytest
from kombu import Connection

from config import celery


@pytest.fixture
def folders(tmp_path):
    for name in ("messages", "control"):
        (tmp_path / name).mkdir()
    there = str(tmp_path / "messages")
    return {"data_folder_in": there, "data_folder_out": there, "control_folder": str(tmp_path / "control"), "polling_interval": 0.05}


def test_readers_beside_writers_meet_only_whole_messages(folders):
    assert celery.app
    got, writing = [], threading.Event()

    def write():
        with Connection("filesystem://", transport_options=folders) as connection, connection.SimpleQueue("q") as queue:
            for number in range(300):
                queue.put({"number": number})
        writing.set()

    writer = threading.Thread(target=write)
    writer.start()
    with Connection("filesystem://", transport_options=folders) as connection, connection.SimpleQueue("q") as queue:
        while not writing.is_set() or queue.qsize():
            try:
                message = queue.get(timeout=0.2)
            except queue.Empty:
                continue
            got.append(message.payload["number"])
            message.ack()
    writer.join()
    assert sorted(got) == list(range(300))


def test_a_message_whose_writer_was_killed_is_none(folders, tmp_path):
    (tmp_path / "messages" / "1_x.q.msg.part").write_text("")
    with Connection("filesystem://", transport_options=folders) as connection:
        channel = connection.channel()
        channel._put("q", {"number": 1})
        assert channel._get("q") == {"number": 1}
        with pytest.raises(Empty):
            channel._get("q")
