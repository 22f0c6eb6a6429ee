"""Support: tickets and their conversation, mirrored with Freshdesk."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SupportConfig(AppConfig):
    name = "support"
    verbose_name = "Support"

    def ready(self) -> None:
        from support import announcements, vocabulary  # noqa: PLC0415  app ready

        post_migrate.connect(vocabulary.ensure_after_migrate, sender=self)
        announcements.listen()
