"""Django's admin of this room: people's staff groups are given here; whatever has states is read only."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from communities.models import Community, Programme, User


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """To look things up, never to change them past their deciders."""

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  Django's signature
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002  Django's signature
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002  Django's signature
        return False


@admin.register(User)
class UserAdmin(admin.ModelAdmin[User]):
    list_display = ("email", "name", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff", "groups")
    search_fields = ("email", "name")
    fields = ("email", "name", "language", "timezone", "is_active", "is_staff", "is_superuser", "groups")
    filter_horizontal = ("groups",)


@admin.register(Community)
class CommunityAdmin(ReadOnlyAdmin):
    list_display = ("name", "slug", "state", "programme", "country")
    list_filter = ("state", "programme")
    search_fields = ("name", "slug")


admin.site.register(Programme)
