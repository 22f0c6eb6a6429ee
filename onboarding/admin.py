"""Django's admin of this room, to look things up: versions are frozen and applications have deciders."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from communities.admin import ReadOnlyAdmin
from onboarding import viewing
from onboarding.models import Application, Consent, FormVersion


@admin.register(FormVersion)
class FormVersionAdmin(ReadOnlyAdmin):
    list_display = ("definition", "number", "is_current", "published_at", "published_by", "sha256")
    list_filter = ("definition", "is_current")


@admin.register(Application)
class ApplicationAdmin(ReadOnlyAdmin):
    """Drafts are the applicants' alone, here too."""

    list_display = ("reference", "name", "state", "outcome", "language", "sent_at")
    list_filter = ("state", "outcome", "programme")
    search_fields = ("reference", "email")
    exclude = ("idempotency_key",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).visible_to(request.actor)  # type: ignore[attr-defined]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Application | None:
        """One application, opened by whoever asks."""
        found: Application | None = super().get_object(request, object_id, from_field)
        if found is not None:
            viewing.record(found, by=request.actor, where=viewing.Where.PAGE, label="admin")  # type: ignore[attr-defined]
        return found


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    """Who agreed to which version, and when."""

    list_display = ("application", "field_key", "statement_version", "given_at")
    list_select_related = ("application", "statement_version__statement")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(application__in=Application.objects.visible_to(request.actor))  # type: ignore[attr-defined]
