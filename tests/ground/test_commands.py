"""Every command of ours ends with 2 and one line when it cannot do what it says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.db import OperationalError

from ground.commands import Command
from ground.errors import Unavailable

ROOMS = {"ground", "communities", "hubs", "knowledgebase", "support", "onboarding", "portal", "demo"}
OURS = sorted(name for name, app in get_commands().items() if app in ROOMS)


class Failing(Command):
    requires_system_checks = ()
    error = OSError()

    def handle(self, **_options):
        raise self.error


def manage(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`manage.py` as an operator runs it, with its own folder for everything local."""
    clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={**clean, "VAR_DIR": str(folder), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("name", OURS)
def test_every_command_of_ours_inherits_how_to_fail(name):
    assert isinstance(load_command_class(get_commands()[name], name), Command)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (FileNotFoundError(2, "No such file", "a.csv"), "a.csv"),
        (OperationalError("no such table: x"), "setup.*no such table: x"),
        (Unavailable("The other side\nis away"), "The other side is away"),
        (CommandError("No"), "No"),
    ],
)
def test_a_common_failure_is_one_line_and_2(error, words):
    command = Failing()
    command.error = error
    with pytest.raises(CommandError, match=words) as failure:
        call_command(command)
    assert failure.value.returncode == 2
    assert "\n" not in str(failure.value)


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (["create_token"], {"SECRET_KEY": "x"}, "email"),
        (["create_token", "a@b.example"], {"SECRET_KEY": "x"}, "no such table"),
        (["setup"], {"SECRET_KEY": "x", "DEPLOYER_URL": "ftp://deployer.example"}, "DEPLOYER_URL"),
        (["setup"], {"SECRET_KEY": ""}, "SECRET_KEY is not set"),
    ],
)
def test_the_command_line_gets_one_line_and_2(tmp_path, arguments, environment, words):
    ended = manage(tmp_path, *arguments, **environment)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert words in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_empty_variables_count_as_unset(tmp_path):
    names = ("DATABASE_URL", "EMAIL_URL", "DEBUG", "SITE_URL", "ALLOWED_HOSTS", "CELERY_BROKER_URL", "STORAGE_URL", "DEPLOYER_URL")
    script = "from django.conf import settings as s; print(s.DATABASES['default']['NAME'], s.SITE_URL, s.ALLOWED_HOSTS, s.DEBUG)"
    ended = manage(tmp_path, "shell", "--no-imports", "-c", script, SECRET_KEY="x", **dict.fromkeys(names, ""))
    assert ended.stdout.strip() == f"{tmp_path}/db.sqlite3 http://127.0.0.1:8000 ['127.0.0.1', 'localhost', '[::1]'] False"


def test_a_bucket_may_have_a_prefix(tmp_path):
    script = "from django.conf import settings as s; o = s.STORAGES['default']['OPTIONS']; print(o['bucket_name'], o['location'])"
    ended = manage(tmp_path, "shell", "--no-imports", "-c", script, SECRET_KEY="x", STORAGE_URL="s3://bucket/a/prefix/")
    assert ended.stdout.strip() == "bucket a/prefix"
