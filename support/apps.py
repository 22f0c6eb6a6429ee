"""Support: tickets and their conversation, mirrored with Freshdesk."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SupportConfig(AppConfig):
    name = "support"
    verbose_name = "Support"

    def ready(self) -> None:
        from hubs import health_page  # noqa: PLC0415  app ready
        from knowledgebase.care import desk  # noqa: PLC0415  app ready
        from support import announcements, incidents, vocabulary  # noqa: PLC0415  app ready
        from support.asking import deflecting  # noqa: PLC0415  app ready

        import_module("support.following.tasks")  # the web rings for a task that only the worker would know
        post_migrate.connect(vocabulary.ensure_after_migrate, sender=self)
        announcements.listen()
        desk.register(deflecting)
        health_page.hear_from(incidents.about_hub)
