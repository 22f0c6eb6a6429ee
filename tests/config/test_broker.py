"""The embedded broker's messages are whole: a worker never meets half of one."""

from concurrent.futures import ThreadPoolExecutor
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
    got = []

    def write():
        with Connection("filesystem://", transport_options=folders) as connection, connection.SimpleQueue("q") as queue:
            for number in range(300):
                queue.put({"number": number})

    with (
        ThreadPoolExecutor(1) as pool,
        Connection("filesystem://", transport_options=folders) as connection,
        connection.SimpleQueue("q") as queue,
    ):
        writer = pool.submit(write)
        while not writer.done() or queue.qsize():
            try:
                message = queue.get(timeout=0.2)
            except queue.Empty:
                continue
            got.append(message.payload["number"])
            message.ack()
        writer.result()
    assert sorted(got) == list(range(300))


def test_many_who_begin_to_listen_at_once_are_all_written_down(folders):
    def listen(number):
        with Connection("filesystem://", transport_options=folders) as connection, connection.channel() as channel:
            for again in range(10):
                channel._queue_bind("everybody", "", "", f"queue-{number}-{again}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(listen, range(8)))
    with Connection("filesystem://", transport_options=folders) as connection, connection.channel() as channel:
        assert {row.queue for row in channel.get_table("everybody")} == {f"queue-{n}-{again}" for n in range(8) for again in range(10)}


def test_a_message_whose_writer_was_killed_is_none(folders, tmp_path):
    (tmp_path / "messages" / "1_x.q.msg.part").write_text("")
    with Connection("filesystem://", transport_options=folders) as connection:
        channel = connection.channel()
        channel._put("q", {"number": 1})
        assert channel._get("q") == {"number": 1}
        with pytest.raises(Empty):
            channel._get("q")
