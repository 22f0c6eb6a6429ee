"""Is a hub usable? `check.py FOLDER`: makes a user, starts its server, runs a cell, removes both. Run by the extra's own Python.

The last line printed is JSON: `{"ok": true}`, or `{"ok": false, "at": "server", "detail": "…"}`.
"""

import asyncio
import fcntl
import json
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse
from tornado.websocket import websocket_connect

CELL = "print(6 * 7)"
ANSWER = "42\n"
PATIENCE = 45.0  # seconds, for each thing that is waited for


class Broken(Exception):
    """The hub did not do what a hub does; `at` is where."""

    def __init__(self, at: str, detail: str) -> None:
        super().__init__(detail)
        self.at = at


class Hub:
    """The hub, asked as the service that looks after its health."""

    def __init__(self, folder: Path) -> None:
        wanted = json.loads((folder / "settings.json").read_text())
        self.user = wanted["check_user"]
        self.address = f"127.0.0.1:{wanted['ports']['public']}{wanted['base']}"
        self.headers = {"Authorization": f"token {json.loads((folder / 'secrets.json').read_text())['check']}"}
        self.http = AsyncHTTPClient()

    async def ask(self, at: str, method: str, path: str, *fine: int) -> HTTPResponse:
        """The answer. Raises Broken for every one that is an error, unless its number is fine."""
        say(f"{method} /{path}")
        body = "{}" if method == "POST" else None
        request = HTTPRequest(f"http://{self.address}{path}", method, self.headers, body, request_timeout=PATIENCE)
        try:
            answer = await self.http.fetch(request, raise_error=False)
        except (HTTPClientError, OSError) as error:
            raise Broken(at, f"{method} /{path}: {error}") from error
        if answer.code < 400 or answer.code in fine:
            return answer
        raise Broken(at, f"{method} /{path} answered {answer.code}. {message(answer)}".strip())

    async def look(self, at: str) -> dict[str, Any]:
        """The user that checks, empty where there is none."""
        answer = await self.ask(at, "GET", f"hub/api/users/{self.user}", 404)
        return json.loads(answer.body) if answer.code == 200 else {}

    async def until(self, at: str, holds: Callable[[dict[str, Any]], bool]) -> None:
        """Wait until something holds of the user that checks."""
        until = time.monotonic() + PATIENCE
        while not holds(await self.look(at)):
            if time.monotonic() > until:
                raise Broken(at, f"not within {PATIENCE:.0f} seconds")
            await asyncio.sleep(0.2)

    async def clear(self) -> None:
        """Remove the user that checks, with the server it may have."""
        if (await self.look("clearing")).get("server"):
            await self.ask("clearing", "DELETE", f"hub/api/users/{self.user}/server", 404)
            await self.until("clearing", lambda user: not user.get("server") and not user.get("pending"))
        await self.ask("clearing", "DELETE", f"hub/api/users/{self.user}", 404)

    async def serve(self) -> None:
        """Make the user and start its server."""
        await self.ask("user", "POST", f"hub/api/users/{self.user}")
        await self.ask("server", "POST", f"hub/api/users/{self.user}/server")
        await self.until("server", self.is_served)

    def is_served(self, user: dict[str, Any]) -> bool:
        """Does the server run? Raises Broken once it neither runs nor is on its way."""
        if not user.get("server") and not user.get("pending"):
            raise Broken("server", "The server stopped while it was starting.")
        return bool(user.get("server")) and not user.get("pending")

    async def run_cell(self) -> None:
        """Start a kernel and let it compute."""
        kernel = json.loads((await self.ask("kernel", "POST", f"user/{self.user}/api/kernels")).body)["id"]
        path = f"user/{self.user}/api/kernels/{kernel}/channels"
        request = HTTPRequest(f"ws://{self.address}{path}", headers=self.headers, connect_timeout=PATIENCE)
        try:
            printed = await asyncio.wait_for(self.printed(request), PATIENCE)
        except (HTTPClientError, OSError, TimeoutError) as error:
            raise Broken("cell", f"{type(error).__name__} {error}".strip()) from error
        if printed != ANSWER:
            raise Broken("cell", f"{CELL} printed {printed!r}")

    async def printed(self, request: HTTPRequest) -> str:
        """What the cell prints. Asked again while the kernel is not there yet: what is sent before that may be lost."""
        channel = await websocket_connect(request)
        waiting, printed, last = asyncio.ensure_future(channel.read_message()), "", ""
        while True:
            if not last:
                last = uuid.uuid4().hex
                await channel.write_message(json.dumps(execution(last)))
            done, _ = await asyncio.wait({waiting}, timeout=5)
            if not done:
                last = ""
                continue
            told = waiting.result()
            if told is None:
                raise Broken("cell", "The kernel hung up.")
            found = json.loads(told)
            waiting = asyncio.ensure_future(channel.read_message())
            if found["parent_header"].get("msg_id") != last:
                continue
            if found["msg_type"] == "stream":
                printed += found["content"]["text"]
            if found["msg_type"] == "status" and found["content"]["execution_state"] == "idle":
                channel.close()
                return printed


def execution(name: str) -> dict[str, Any]:
    """Jupyter's message that runs the cell."""
    header = {"msg_id": name, "session": name, "username": "", "msg_type": "execute_request", "version": "5.4"}
    content = {"code": CELL, "silent": False, "store_history": False, "allow_stdin": False, "stop_on_error": True}
    return {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell", "buffers": []}


def message(answer: HTTPResponse) -> str:
    """What the hub says of an error."""
    try:
        return str(json.loads(answer.body)["message"])
    except (ValueError, KeyError, TypeError):
        return ""


def say(words: str) -> None:
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {words}\n")


async def check(folder: Path) -> dict[str, Any]:
    """What came of it. Whatever was made is removed again, as far as the hub lets us.

    A check whose worker was killed goes on by itself; the next one waits for it.
    """
    lock = (folder / "check.lock").open("a")
    fcntl.flock(lock, fcntl.LOCK_EX)
    hub = Hub(folder)
    found: dict[str, Any] = {"ok": True}
    try:
        await hub.clear()
        await hub.serve()
        await hub.run_cell()
    except Broken as broken:
        found = {"ok": False, "at": broken.at, "detail": str(broken)}
    try:
        await hub.clear()
    except Broken as broken:
        found = {"ok": False, "at": broken.at, "detail": str(broken)} if found["ok"] else found
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(check(Path(sys.argv[1])))) + "\n")
