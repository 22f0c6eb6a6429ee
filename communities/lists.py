"""The columns of the communities' lists when they are downloaded."""

from django.utils.translation import gettext_lazy as _

from communities.models import Community, MatrixRow, Membership
from ground.exports import Column
from ground.texts import pick

COMMUNITIES: list[Column[Community]] = [
    Column("slug", _("Address"), lambda row: row.slug),
    Column("name", _("Name"), lambda row: row.name),
    Column("state", _("State"), lambda row: row.get_state_display()),
    Column("country", _("Country"), lambda row: str(row.country)),
    Column("language", _("Language"), lambda row: row.language),
    Column("time_zone", _("Time zone"), lambda row: row.timezone),
    Column("website", _("Website"), lambda row: row.website),
    Column("programme", _("Programme"), lambda row: row.programme),
    Column("since", _("Since"), lambda row: row.created_at),
]
PEOPLE: list[Column[Membership]] = [
    Column("name", _("Name"), lambda row: row.user.get_full_name()),
    Column("email", _("E-mail address"), lambda row: row.user.email),
    Column("role", _("Role"), lambda row: row.get_role_display()),
    Column("since", _("Since"), lambda row: row.since),
]
RESPONSIBILITIES: list[Column[MatrixRow]] = [
    Column("key", _("Key"), lambda row: row.key),
    Column("area", _("Area"), lambda row: pick(row.area)),
    Column("what", _("What"), lambda row: pick(row.text)),
    Column("party", _("Who does it"), lambda row: row.get_party_display()),
    Column("role", _("Role"), lambda row: row.role),
    Column("person", _("Person"), lambda row: row.person.get_full_name() if row.person else ""),
    Column("note", _("Note"), lambda row: row.note),
]
