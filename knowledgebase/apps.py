"""Starts the knowledge bases: what Wagtail announces about pages and their workflow reaches readers and writers."""

from django.apps import AppConfig


class KnowledgebaseConfig(AppConfig):
    name = "knowledgebase"
    verbose_name = "Knowledge bases"

    def ready(self) -> None:
        from knowledgebase import publishing, reviewing, translating  # noqa: PLC0415  models exist only once every app is loaded

        publishing.listen()
        reviewing.listen()
        translating.listen()
