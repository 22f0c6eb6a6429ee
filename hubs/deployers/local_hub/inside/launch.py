"""Starts a hub's process, at most one in its folder: `launch.py FOLDER DIGEST COMMAND…`. Run by the extra's own Python.

The process holds a lock for as long as it lives, and its pid is written before it begins: whoever is killed meanwhile leaves
either a process that is found again, or none.
"""

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path

KEPT_LOG = "hub.log.1"


def started_at(pid: int) -> str:
    """When a process began, as the system tells it; blank where there is none. A pid is used again, the two together are not."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            return ""
        return "" if fields[0] in {"Z", "X"} else fields[19]
    told = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout.split()
    return "" if not told or told[0].startswith("Z") else " ".join(told[1:])


def main(folder: Path, digest: str, command: list[str]) -> int:
    """0 when the process runs, be it that it ran before."""
    lock = os.open(folder / "process.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return 0
    waits, goes = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(goes)
        become(folder, command, lock, waits)
    facts = {"pid": child, "started": started_at(child), "digest": digest}
    being_written = folder / "process.json.new"
    being_written.write_text(json.dumps(facts))
    being_written.replace(folder / "process.json")
    os.write(goes, b"1")
    return 0


def become(folder: Path, command: list[str], lock: int, waits: int) -> None:
    """Wait until the pid is written, then be the hub; never, if whoever writes it has gone."""
    if os.read(waits, 1) != b"1":
        os._exit(1)
    os.setsid()
    os.set_inheritable(lock, True)
    log = folder / "hub.log"
    if log.exists():
        log.replace(folder / KEPT_LOG)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    try:
        os.execv(command[0], command)  # noqa: S606  no shell is wanted
    except OSError as error:
        os.write(2, f"{command[0]} cannot be started: {error.strerror}\n".encode())
        os._exit(1)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:]))
