"""Which knowledge base a command is about."""

from argparse import ArgumentParser

from django.core.management.base import CommandError

from knowledgebase.models import KnowledgeBase


def add_choice(parser: ArgumentParser) -> None:
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--community", metavar="SLUG", help="that community's knowledge base")
    where.add_argument("--shared", action="store_true", help="the shared knowledge base")


def chosen(slug: str | None) -> KnowledgeBase:
    """The one of that community, or without a slug the shared one. Raises `CommandError`."""
    found = KnowledgeBase.objects.filter(community=None) if slug is None else KnowledgeBase.objects.filter(community__slug=slug)
    knowledge_base = found.first()
    if knowledge_base is None:
        raise CommandError(
            f"No community “{slug}” with a knowledge base." if slug else "There is no shared knowledge base yet; run setup first.",
            returncode=2,
        )
    return knowledge_base
