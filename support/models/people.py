"""Contacts: whoever asks, known here by their address and in Freshdesk by a number. A Contact is not a User; the two may be linked."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower


class Contact(models.Model):
    """One requester. Addresses are kept in lower case; a contact of Freshdesk's may have none (a phone, a chat)."""

    email = models.EmailField(blank=True)
    name = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="contact")
    freshdesk_id = models.BigIntegerField(null=True, blank=True, unique=True)
    company = models.ForeignKey("support.CompanyLink", null=True, blank=True, on_delete=models.SET_NULL, related_name="contacts")
    remote_updated_at = models.DateTimeField(null=True, blank=True)
    remote_raw = models.JSONField(default=dict, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    """When Freshdesk was seen to have deleted or blocked the contact."""

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="contact_email_once", condition=~models.Q(email=""))]

    def __str__(self) -> str:
        return self.name or self.email or f"#{self.freshdesk_id or self.pk}"
