"""The columns of the portal's lists when they are downloaded."""

from django.utils.translation import gettext_lazy as _

from ground.exports import Column
from portal.drafting.facts import Behind
from portal.models import CommunityUpdate

UPDATES: list[Column[CommunityUpdate]] = [
    Column("month", _("Month"), lambda row: str(row.of_month)),
    Column("title", _("Title"), lambda row: row.title),
    Column("language", _("Language"), lambda row: row.language),
    Column("published_at", _("Published"), lambda row: row.first_published_at),
]
BEHIND: list[Column[Behind]] = [
    Column("what", _("What"), lambda row: row.words),
    Column("at", _("When"), lambda row: row.at),
]
