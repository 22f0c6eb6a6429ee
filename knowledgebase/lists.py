"""The columns of articles, and of those that need care, when their list is downloaded."""

from django.utils.translation import gettext_lazy as _

from ground.exports import Column
from knowledgebase.care import Item
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

CARE: list[Column[Item]] = [
    Column("address", _("Address"), lambda row: row.edition.address),
    Column("title", _("Title"), lambda row: row.edition.title),
    Column("importance", _("Importance"), lambda row: row.importance),
    Column("reasons", _("Why"), lambda row: [reason.words for reason in row.reasons]),
    Column("since", _("Since"), lambda row: row.since),
    Column("review_by", _("Look at it again by"), lambda row: row.review_by),
    Column("helped", _("Helpful, 90 days"), lambda row: row.votes.helped),
    Column("did_not", _("Not helpful, 90 days"), lambda row: row.votes.did_not),
    Column("shown", _("Suggested, 90 days"), lambda row: row.desk.shown),
    Column("opened", _("Opened from there, 90 days"), lambda row: row.desk.opened),
    Column("cited", _("Letters pointing at it, 90 days"), lambda row: row.desk.cited),
]
"""What readers wrote stays on the page: a file goes further than its reader."""
