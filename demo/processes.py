"""The processes of the demonstration: prepared in order, watched, started again when they die, stopped together."""

import fcntl
import hashlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from urllib.parse import quote

from hubs.deployers import local_hub

BIN = Path(sys.executable).parent
PATIENCE = 60.0


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Wait until no other process holds this folder, and hold it; the system lets go when a process dies."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@dataclass
class World:
    """Everything `make demo` runs, under one root folder and on neighbouring ports of loopback."""

    port: int
    root: Path
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    stopping: bool = False

    @property
    def var(self) -> Path:
        return Path(os.environ.get("VAR_DIR") or self.root / "var")

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def freshdesk(self) -> str:
        return f"http://127.0.0.1:{self.port + 1}"

    @property
    def host(self) -> str:
        """Another site, which carries the widget."""
        return f"http://127.0.0.1:{self.port + 3}"

    @property
    def github(self) -> str:
        return f"http://127.0.0.1:{self.port + 2}"

    @property
    def has_hubs(self) -> bool:
        """Do hubs run here? Where the optional JupyterHub is installed, or LOCAL_HUB says so (1, or 0 for no)."""
        is_asked = os.environ.get("LOCAL_HUB", "")
        return is_asked == "1" or (is_asked != "0" and self._hub_tools.are_there)

    @property
    def _hub_tools(self) -> local_hub.Tools:
        return local_hub.installed_in(Path(os.environ.get("LOCAL_HUB_VENV") or self.root / ".venv-local-hub"))

    @property
    def _hubs(self) -> Path:
        return self.var.resolve() / "deployer" / "hubs"

    def forget(self) -> None:
        """Stop the hubs that still run; remove the database, the files, the mail, the configuration and the simulators' memory."""
        local_hub.stop_all(self._hubs)
        for path in self.var.iterdir() if self.var.exists() else ():
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def run(self) -> int:
        """Prepare, start, say where, and watch until Ctrl-C. 0 when it ended by being asked to."""
        self.var.mkdir(parents=True, exist_ok=True)
        signal.signal(signal.SIGTERM, self._ask_to_stop)
        signal.signal(signal.SIGINT, self._ask_to_stop)
        try:
            self._prepare()
            self._announce()
            while not self.stopping:
                self._revive()
                time.sleep(0.5)
        except subprocess.CalledProcessError as error:
            say(f"The demonstration could not be prepared: {' '.join(map(str, error.cmd))} failed.")
            return 2
        finally:
            self._stop()
        return 0

    def _prepare(self) -> None:
        self._start("freshdesk")
        self._start("github")
        self._static_files()
        self._command("setup", "-v0")
        self._wait_for(f"{self.freshdesk}/")
        self._command("tell_story")
        for name in ("worker", "scheduler", "web", "host"):
            self._start(name)
        self._wait_for(f"{self.site}/healthz")

    def _static_files(self) -> None:
        """Collected once for each state of the sources, by one demonstration at a time; compressing them is the slow part of a cold start."""
        sources = [self.root / "requirements" / "base.lock", *sorted((self.root / "static").rglob("*"))]
        digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources if path.is_file())).hexdigest()
        stamp = self.root / "staticfiles" / "collected.sha256"
        with alone_in(self.root):
            if not stamp.exists() or stamp.read_text() != digest:
                self._command("collectstatic", "--noinput", "--clear", "-v0")
                stamp.write_text(digest)

    def _command(self, *words: str) -> None:
        subprocess.run([sys.executable, "manage.py", *words], cwd=self.root, env=self.environment, check=True, timeout=600)

    def _start(self, name: str) -> None:
        log = (self.var / f"{name}.log").open("ab")
        self.children[name] = subprocess.Popen(
            self.commands[name], cwd=self.root, env=self.environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
        (self.var / f"{name}.pid").write_text(str(self.children[name].pid))

    def _revive(self) -> None:
        for name, child in list(self.children.items()):
            if child.poll() is not None and not self.stopping:
                say(f"{name} ended ({child.returncode}) and is started again; see {self.var / name}.log")
                self._start(name)

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _stop(self) -> None:
        """Ask every process to end, then make it; the hubs last, since a worker may be starting one."""
        self.stopping = True
        for child in self.children.values():
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGTERM)
        until = time.monotonic() + 15
        for child in self.children.values():
            try:
                child.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
        local_hub.stop_all(self._hubs)

    def _wait_for(self, address: str) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with suppress(urllib.error.URLError, ConnectionError, TimeoutError), urllib.request.urlopen(address, timeout=2):  # noqa: S310  loopback
                return
            if self.stopping:
                return
            time.sleep(0.1)
        say(f"{address} did not answer within {PATIENCE:.0f} seconds; see the logs in {self.var}.")
        raise subprocess.CalledProcessError(1, [address])

    def _announce(self) -> None:
        say(f"""
Hubdesk is ready.

  The site                 {self.site}/
  Who to sign in as        {self.site}/demo/
  Every mail it sent       {self.site}/demo/mail/
  The Freshdesk simulator  {self.freshdesk}/
  A site with the widget   {self.host}/
  The GitHub simulator     {self.github}/
{f"  The hubs that run here   {self.site}/demo/hubs/" if self.has_hubs else "  Hubs are recorded, not run; `make install-local-hub` lets them run here."}

Demo logins: enter the address at {self.site}/accounts/login/ and the code from the mail.
Staff add the six digits shown at {self.site}/demo/:

  rita@hubs.example, rui@hubs.example   reviewers          lena@hubs.example   review lead
  gita@hubs.example   community guide                      sam@hubs.example    support agent and triager
  eli@hubs.example    engineer                             olga@hubs.example   operator

Ctrl-C stops everything. `make demo RESET=1` starts over.
""")

    @property
    def commands(self) -> Mapping[str, list[str]]:
        celery = [str(BIN / "celery"), "-A", "config"]
        hook = f"{self.site}/webhooks/freshdesk/"
        desk = ["--port", str(self.port + 1), "--folder", str(self.var / "freshdesk"), "--key", "demo-key"]
        issues = ["--port", str(self.port + 2), "--file", str(self.var / "github" / "issues.json"), "--token", "demo-token"]
        return {
            "github": [
                sys.executable,
                "-m",
                "demo.github",
                *issues,
                "--webhook",
                f"{self.site}/webhooks/github/",
                "--secret",
                "demo-webhook-secret",
            ],
            "freshdesk": [sys.executable, "-m", "demo.freshdesk", *desk, "--webhook", hook, "--secret", "demo-webhook-secret"],
            "web": [
                str(BIN / "gunicorn"),
                "config.wsgi",
                "--bind",
                f"127.0.0.1:{self.port}",
                "--workers",
                "2",
                "--threads",
                "2",
                "--timeout",
                "60",
            ],
            "host": [sys.executable, "-m", "demo.host", "--port", str(self.port + 3), "--desk", self.site],
            "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"],
            "scheduler": [*celery, "beat", "--loglevel", "WARNING", "--pidfile", ""],
        }

    @property
    def environment(self) -> dict[str, str]:
        """The machine's environment, with what makes this the demonstration; what is set outside wins."""
        chosen = {
            "DEMO": "1",
            "VAR_DIR": str(self.var),
            "SECRET_KEY": self._secret_key(),
            "SITE_URL": self.site,
            "ALLOWED_HOSTS": "127.0.0.1,localhost,[::1]",
            "OPERATOR_NAME": "Example Hubs",
            "SUPPORT_EMAIL": "support@hubs.example",
            "FRESHDESK_URL": self.freshdesk,
            "FRESHDESK_API_KEY": "demo-key",
            "FRESHDESK_WEBHOOK_SECRET": "demo-webhook-secret",
            "FRESHDESK_POLL_SECONDS": "3",
            "DEMO_HOST_ORIGIN": self.host,
            "GITHUB_API_URL": self.github,
            "GITHUB_TOKEN": "demo-token",
            "GITHUB_WEBHOOK_SECRET": "demo-webhook-secret",
            "GITHUB_POLL_SECONDS": "15",
            "SWEEP_SECONDS": "2",
            "PYTHONUNBUFFERED": "1",
        }
        if self.has_hubs:
            chosen |= {"DEPLOYER_URL": f"local-hub+file://{quote(str(self.var.resolve() / 'configuration'))}", "HUB_API_PRIVATE": "1"}
        return {**chosen, **{name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}}

    def _secret_key(self) -> str:
        path = self.var / "secret-key"
        if not path.exists():
            path.write_text(secrets.token_urlsafe(40))
            path.chmod(0o600)
        return path.read_text()


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()
