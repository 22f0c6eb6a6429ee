"""Which static files of the installed packages are published."""

from collections.abc import Iterable
from typing import Any

from django.contrib.staticfiles.finders import AppDirectoriesFinder


class PackagesFinder(AppDirectoriesFinder):
    """All but ReDoc: the package that brings Swagger UI brings five megabytes of it too, and no page of ours shows it."""

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        return super().list([*(ignore_patterns or ()), "redoc"])
