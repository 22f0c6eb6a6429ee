"""Django's admin of this room: what came by mail and what it led to, to be looked up."""

from django.contrib import admin

from communities.admin import ReadOnlyAdmin
from support.models import IncomingMail


@admin.register(IncomingMail)
class IncomingMailAdmin(ReadOnlyAdmin):
    list_display = ("received_at", "from_address", "subject", "outcome", "reason")
    list_filter = ("outcome",)
    list_select_related = ("ticket",)
    search_fields = ("from_address", "subject", "message_id")
    ordering = ("-received_at", "-pk")
