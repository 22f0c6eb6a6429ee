"""`python -m bench.first_plan`: milliseconds the first plan of a process takes, everything imported and nothing read before."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from bench.configurations import five_hubs, forget  # noqa: E402  Django first
from bench.hubs import milliseconds  # noqa: E402  Django first

if __name__ == "__main__":
    configuration, cluster = five_hubs()
    forget()
    sys.stdout.write(f"{milliseconds(configuration, cluster):.1f}\n")
