"""Everything we hold on an address that came with an application, for the person whose address it is: to read, and for programs."""

import json
import tempfile
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.template.loader import render_to_string
from django.utils import timezone

from communities.models import User
from communities.roles import StaffGroup
from ground.models import OutgoingMail
from knowledgebase import voting
from onboarding.models import Application, Correction, Letter, PrivacyRequest
from onboarding.questions.summary import summary
from onboarding.states import LetterState
from support.people import personal

TOLD = (LetterState.QUEUED, LetterState.SENT, LetterState.FAILED)
Held = dict[str, Any]


def applications_of(email: str) -> "QuerySet[Application]":
    """What came from that address, drafts too, newest first."""
    return Application.objects.filter(email=email.lower()).exclude(email="").order_by("-created_at", "-pk")


def naming(email: str) -> "QuerySet[Application]":
    """Applications of others in which somebody with that address is named."""
    said = Application.objects.annotate(said=Cast("answers", TextField())).filter(said__icontains=f'"{email.lower()}"')
    return said.exclude(email=email.lower()).order_by("pk")


def is_held(email: str) -> bool:
    """Whether there is anything on that address at all."""
    has_account = User.objects.filter(email__iexact=email, is_active=True).exists()
    return has_account or applications_of(email).exists() or naming(email).exists() or personal.is_held(email)


def held(email: str) -> Held:
    """Everything, as plain values."""
    email = email.lower()
    user = User.objects.filter(email__iexact=email).first()
    return {
        "address": email,
        "made_at": timezone.now(),
        "applications": [_application(row) for row in applications_of(email).select_related("form_version__definition")],
        "named_in": [_named(row, email) for row in naming(email)],
        "mails": list(_mails(email)),
        "requests": list(PrivacyRequest.objects.filter(email=email).values("reference", "state", "received_at", "due_at", "reason")),
        "account": _account(user) if user else None,
        "support": personal.held(email, user),
        "articles": voting.held(user) if user else [],
    }


def archive(email: str) -> IO[bytes]:
    """A ZIP of it, made now: one page to read, one document for programs, and every file that was sent along."""
    everything = held(email)
    file = tempfile.SpooledTemporaryFile(max_size=2_000_000)  # noqa: SIM115  whoever sends it closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("my-data.html", render_to_string("onboarding/privacy/export.html", {"held": everything}))
        out.writestr("my-data.json", json.dumps(everything, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
        for name, content in _files(email):
            out.writestr(name, content)
    file.seek(0)
    return file


def _application(row: Application) -> Held:
    form = row.form_version.form
    return {
        "reference": row.reference,
        "form": f"{row.form_version.definition.key}/{row.form_version.number}",
        "name": row.name,
        "state": str(row.get_state_display()),
        "outcome": str(row.get_outcome_display()) if row.outcome else "",
        "email": row.email,
        "email_confirmed_at": row.email_verified_at,
        "language": row.language,
        "begun_at": row.created_at,
        "sent_at": row.sent_at,
        "kept_until": row.purge_after or row.retain_until,
        "answers": row.answers,
        "consents": {key: value for key, value in row.answers.items() if key.startswith("consent.")},
        "agreed_to": list(
            row.consents.order_by("pk").values(
                "field_key", "given_at", statement=F("statement_version__statement__kind"), version=F("statement_version__number")
            )
        ),
        "questions": list(row.questions.order_by("pk").values("text", "field_keys", "asked_at", "answered_at")),
        "being_changed": list(Correction.objects.filter(application=row).values("changes", "began_at", "saved_at")),
        "files": list(row.files.order_by("pk").values("name", "size", "content_type", "uploaded_at", "removed_at")),
        "in_words": [
            {"title": section.title, "lines": [{"question": line.label, "answer": line.words} for line in section.lines if line.words]}
            for section in summary(form, row.answers)
        ],
        "versions": list(row.revisions.order_by("number").values("number", "at", "reason", "answers", "hidden_keys")),
        "history": list(row.stage_events().values("before", "after", "at")),
        "letters": list(
            Letter.objects.filter(decision__application=row, state__in=TOLD).order_by("pk").values("language", "subject", "body", "sent_at")
        ),
        "links": list(row.resume_tokens.order_by("pk").values("purpose", "created_at", "expires_at", "revoked_at", "last_used_at", "uses")),
        "read_by": list(_readers(row)),
    }


def _named(row: Application, email: str) -> Held:
    """Somebody else's application: what it says of this person, and nothing more."""
    return {
        "reference": row.reference,
        "name": row.name,
        "answers": {
            key: answer
            for key, answer in row.answers.items()
            if isinstance(answer, dict) and str(answer.get("email") or "").lower() == email
        },
    }


def _readers(row: Application) -> Iterator[Held]:
    """Who of us opened it: their work, not their name."""
    for record in row.view_records.order_by("at", "pk").select_related("viewer").prefetch_related("viewer__groups"):
        roles = sorted(group.name for group in record.viewer.groups.all() if group.name in StaffGroup.values)
        yield {"at": record.at, "where": str(record.get_where_display()), "roles": roles}


def _mails(email: str) -> Iterator[Held]:
    """The mails that went to that address; their words are not kept, but for letters."""
    rows = OutgoingMail.objects.annotate(readers=Cast("to", TextField())).filter(Q(readers__icontains=f'"{email}"')).order_by("pk")
    for row in rows:
        yield {"subject": row.subject, "kind": row.kind, "created_at": row.created_at, "sent_at": row.sent_at}


def _account(user: User) -> Held:
    return {
        "name": user.name,
        "email": user.email,
        "language": user.language,
        "time_zone": user.timezone,
        "since": user.date_joined,
        "communities": list(user.memberships.values("community__slug", "community__name", "role", "since")),
    }


def _files(email: str) -> Iterator[tuple[str, bytes]]:
    """Every file of those applications, from whichever table of the room keeps files."""
    for row in applications_of(email):
        for relation in Application._meta.related_objects:
            fields = [field for field in relation.related_model._meta.concrete_fields if field.get_internal_type() == "FileField"]
            for field in fields:
                for kept in relation.related_model._base_manager.filter(**{relation.field.name: row}):
                    if file := getattr(kept, field.name):
                        with file.open("rb") as content:
                            yield f"files/{row.reference}/{kept.pk}-{getattr(kept, 'name', 'file')}".replace("..", "."), content.read()
