"""Which static files of the installed packages are published."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class OnlyWhatIsShown(StaticFilesConfig):
    """Without ReDoc: the package that brings Swagger UI brings five megabytes of it too, and no page of ours shows it."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "redoc"]
