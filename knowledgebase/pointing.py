"""Where the links of an article's Markdown lead: kept with two marks, filled in for who takes it along."""

from django.conf import settings
from django.urls import reverse

from knowledgebase import placeholders
from knowledgebase.filling import Frame
from knowledgebase.plain import Pointing

HERE = "\ue010"  # the knowledge base somebody reads in; no text holds a letter of Unicode's private use
SITE = "\ue011"

KEPT = Pointing(
    article=lambda address, anchor: f"{HERE}{address}/{anchor}" if address else f"{HERE}{anchor}",
    image=lambda key: f"{SITE}{reverse('knowledgebase:image', args=[key, 'original'])}",
    document=lambda key: f"{SITE}{reverse('knowledgebase:document', args=[key])}",
)


def in_frame(markdown: str, frame: Frame) -> str:
    """That Markdown with whole addresses, inside that frame, and the facts of its community."""
    addressed = markdown.replace(HERE, f"{settings.SITE_URL}{frame.home}").replace(SITE, settings.SITE_URL)
    return placeholders.in_words(addressed, frame.facts)
