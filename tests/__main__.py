"""`python -m tests`: the suite on PostgreSQL + Redis where they answer, then on SQLite; the last line is pytest's summary."""

import os
import socket
import subprocess
import sys

SERVICES = {"PostgreSQL": 5432, "Redis": 6379, "RabbitMQ": 5672}
REQUIRED = os.environ.get("REQUIRE_SERVICES") == "1"
WITH_SERVICES = {
    "DATABASE_URL": os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres"),
    "CELERY_BROKER_URL": "redis://127.0.0.1:6379/9",
}


def answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def run(*words: str, **environment: str) -> int:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--no-header",
        "-n",
        str(os.cpu_count() or 1),
        "--dist",
        "loadgroup",
        *words,
        *sys.argv[1:],
    ]
    return subprocess.run(command, env={**os.environ, **environment}, check=False).returncode


def main() -> int:
    away = [name for name, port in SERVICES.items() if not answers(port)]
    if away and REQUIRED:
        sys.stdout.write(f"Required and away: {', '.join(away)}\n")
        return 1
    if "PostgreSQL" in away or "Redis" in away:
        sys.stdout.write(f"The run on PostgreSQL + Redis is skipped: {', '.join(away)} away\n")
        return run()
    return run("-m", "not browser and not services", **WITH_SERVICES) or run()


if __name__ == "__main__":
    sys.exit(main())
