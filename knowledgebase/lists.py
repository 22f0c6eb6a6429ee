"""The columns of articles when their list is downloaded."""

from django.utils.translation import gettext_lazy as _

from ground.exports import Column
from knowledgebase.models import Edition

ARTICLES: list[Column[Edition]] = [
    Column("address", _("Address"), lambda row: row.address),
    Column("title", _("Title"), lambda row: row.title),
    Column("language", _("Language"), lambda row: row.language),
    Column("shared", _("Shared"), lambda row: row.is_shared),
    Column("audience", _("Audience"), lambda row: row.get_audience_display()),
    Column("summary", _("Summary"), lambda row: row.summary),
    Column("published", _("Published"), lambda row: row.published_at),
]
