"""The hubs room: clusters, hubs, the requests to change them, and whoever carries them out."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class HubsConfig(AppConfig):
    name = "hubs"
    verbose_name = _("Hubs")

    def ready(self) -> None:
        from ground import health  # noqa: PLC0415  app ready
        from hubs import health_page  # noqa: PLC0415  app ready

        autodiscover_modules("checks")
        health.measure_too(health_page.measure)
