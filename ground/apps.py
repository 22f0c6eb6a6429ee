"""Starts the ground, and makes every app's tasks known to web, worker and commands alike."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class GroundConfig(AppConfig):
    name = "ground"
    verbose_name = "Ground"

    def ready(self) -> None:
        autodiscover_modules("tasks")
        autodiscover_modules("emails")
        autodiscover_modules("states")
        autodiscover_modules("access")
