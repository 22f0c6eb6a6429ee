"""Who watches which ticket, what they were told, and how they want to be told."""

from datetime import time
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from communities.models import User
from ground.actors import Actor
from support.models.conversation import Message
from support.models.tickets import Ticket, TicketEvent
from support.policy import is_desk_staff
from support.states import Channel, Follows, Letters, NoticeKind, Why


class WatchQuerySet(models.QuerySet["Watch"]):
    """Watches by who may know of them, and those that go on."""

    def visible_to(self, actor: Actor) -> Self:
        """Staff of the desk alone."""
        return self if is_desk_staff(actor) else self.none()

    def on(self) -> Self:
        return self.filter(stopped_at=None)


class Watch(models.Model):
    """One person watches one ticket. Who stopped by hand is not made to watch again by what happens."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="watches")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watches")
    why = models.CharField(max_length=10, choices=Why)
    since = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)

    objects = WatchQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="watch_once")]

    def __str__(self) -> str:
        return f"{self.user} on {self.ticket_id}"


class NoticePreferences(models.Model):
    """How one person wants to be told. A person without a row has the defaults."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_preferences")
    channels = models.JSONField(default=dict, blank=True)
    """Channel by kind, only where it differs from the default."""
    quiet_from = models.TimeField(default=time(19))
    quiet_until = models.TimeField(default=time(8))
    """No mail between the two, in the person's zone; the same time twice: never quiet."""
    quiet_weekends = models.BooleanField(default=True)
    urgent_passes = models.BooleanField(default=False)
    """Whether an incident may come in quiet hours."""
    most_an_hour = models.PositiveSmallIntegerField(default=10)
    digest_hour = models.PositiveSmallIntegerField(default=8)
    wants_overdue = models.BooleanField(default=True)
    follows = models.CharField(max_length=10, choices=Follows, default=Follows.OWN)
    digest_on = models.DateField(null=True, blank=True)
    """The last day, in the person's zone, on which their daily mail was written."""
    overdue_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(most_an_hour__gte=1), name="notice_ceiling_lets_one_through"),
            models.CheckConstraint(condition=Q(digest_hour__lte=23), name="notice_digest_hour_of_a_day"),
        ]

    def __str__(self) -> str:
        return str(self.user)

    @classmethod
    def of(cls, user: User) -> "NoticePreferences":
        """That person's, or the defaults, unsaved."""
        return cls.objects.filter(user=user).first() or cls(user=user)


class NoticeMail(models.Model):
    """One mail to a person of the desk; what it says is composed while sending, of what they may still see."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_mails")
    kind = models.CharField(max_length=10, choices=Letters)
    ticket = models.ForeignKey(Ticket, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "-made_at"], name="notice_mail_of_user")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices by whose they are and where they stand."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own, of the tickets one may still see. See `access.can_read_notice`."""
        own = self.filter(user=actor.user) if actor.user else self.none()
        return own if is_desk_staff(actor) else own.filter(ticket__in=Ticket.objects.visible_to(actor))

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def to_mail(self) -> Self:
        """Those that wait for a mail and were not read meanwhile."""
        return self.filter(channel=Channel.MAIL, mail=None, read_at=None)

    def to_digest(self) -> Self:
        return self.filter(channel=Channel.DIGEST, mail=None, read_at=None)


class Notice(models.Model):
    """One thing one person is told, once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20, choices=NoticeKind)
    event = models.ForeignKey(TicketEvent, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=60)
    """What it is about, so that a person is told once: `message:17`."""
    actor_label = models.CharField(max_length=200, blank=True)
    detail = models.CharField(max_length=255, blank=True)
    channel = models.CharField(max_length=10, choices=Channel)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mail_at = models.DateTimeField(null=True, blank=True)
    """When it is to be mailed, for the channel that mails at once."""
    mail = models.ForeignKey(NoticeMail, null=True, blank=True, on_delete=models.SET_NULL, related_name="notices")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["user", "-made_at", "-id"], name="notice_of_user"),
            models.Index(fields=["user"], name="notice_unread", condition=Q(read_at=None)),
            models.Index(fields=["mail_at"], name="notice_to_mail", condition=Q(channel="mail", mail=None, read_at=None)),
            models.Index(fields=["user"], name="notice_to_digest", condition=Q(channel="digest", mail=None, read_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="notice_once"),
            models.CheckConstraint(condition=~Q(channel="mail") | Q(mail_at__isnull=False), name="notice_mailed_has_time"),
            models.CheckConstraint(condition=~Q(channel="never"), name="notice_of_no_channel_is_none"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} to {self.user_id}"

    @property
    def is_unread(self) -> bool:
        return self.read_at is None
