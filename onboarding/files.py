"""Files that an applicant sends along: which are taken, how many, how large, and keeping them.

An answer names its files: `[{"file": key, "name": …, "size": octets}]`. Who writes answers (intake, correcting) takes the new
list from here and keeps it.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from onboarding.models import Application, ApplicationFile
from onboarding.questions.shape import Answers, Field, Form
from support.files.contents import HEAD, Refused, clean_name, type_of

MEGABYTE = 1024 * 1024
TOGETHER = 20 * MEGABYTE  # octets of one application's files, all questions together
Entry = dict[str, Any]
Uploads = Sequence[UploadedFile]


@dataclass(frozen=True)
class Taken:
    """The answer after some files came, and why others were not taken, in words."""

    entries: list[Entry]
    problems: list[str] = field(default_factory=list)


def take(application: Application, question: Field, held: Sequence[Entry], uploads: Uploads) -> Taken:
    """Keep each file that may be kept, in the transaction of who writes the answer. One that is there already is there once."""
    entries, problems = list(held), list[str]()
    for upload in uploads:
        try:
            entry = _keep(application, question, entries, upload)
        except Refused as refused:
            problems.append(str(refused))
        else:
            entries += [] if entry in entries else [entry]
    return Taken(entries, problems)


def drop(application: Application, held: Sequence[Entry], key: UUID) -> list[Entry]:
    """The answer without that file. What was never sent is deleted; what reviewers have read stays with what they read."""
    application.files.filter(key=key, sent_at=None).forget()
    return [entry for entry in held if entry["file"] != str(key)]


def hand_in(application: Application, answers: Answers) -> None:
    """The files that these answers name are sent from now on; others that were never sent are deleted."""
    waiting = application.files.filter(sent_at=None)
    waiting.filter(key__in=_named(application.form_version.form, answers)).update(sent_at=timezone.now())
    waiting.forget()


def forget(application: Application) -> int:
    """Delete every file of an application, rows and contents; how many there were."""
    return ApplicationFile.objects.filter(application=application).forget()


def keys_of(form: Form) -> list[str]:
    """The questions that are answered with files."""
    return [each.key for each in form.fields() if each.is_files and not each.later]


def _named(form: Form, answers: Answers) -> Collection[UUID]:
    return [UUID(entry["file"]) for key in keys_of(form) for entry in answers.get(key) or ()]


def _keep(application: Application, question: Field, held: Sequence[Entry], upload: UploadedFile) -> Entry:
    """The row's entry. Raises `Refused` with what is wrong and what to do."""
    name = clean_name(upload.name or "")
    _check_size(question, name, upload.size or 0)
    content_type, sha256 = _type_of(name, upload), _sha256(upload)
    kept = application.files.standing().filter(field_key=question.key, sha256=sha256).first()
    if kept is None:
        _check_room(application, question, held, name, upload.size or 0)
        kept = ApplicationFile.objects.create(
            application=application,
            field_key=question.key,
            name=name,
            content_type=content_type,
            size=upload.size or 0,
            sha256=sha256,
            file=upload,
        )
    return {"file": str(kept.key), "name": kept.name, "size": kept.size}


def _check_size(question: Field, name: str, size: int) -> None:
    if not size:
        raise Refused(_("“%(name)s” is empty. Look at the file, and choose it again.") % {"name": name})
    if size > question.max_mb * MEGABYTE:
        raise Refused(
            _("“%(name)s” is %(size)s; a file may have at most %(most)s MB. Make it smaller, or write where we can find it.")
            % {"name": name, "size": filesizeformat(size), "most": question.max_mb}
        )


def _check_room(application: Application, question: Field, held: Sequence[Entry], name: str, size: int) -> None:
    if len(held) >= question.max_files:
        words = ngettext(
            "“%(name)s” was not taken: here is room for %(most)s file. Remove it, or put several into one ZIP file.",
            "“%(name)s” was not taken: here is room for %(most)s files. Remove one, or put several into one ZIP file.",
            question.max_files,
        )
        raise Refused(words % {"name": name, "most": question.max_files})
    if size + sum(application.files.standing().values_list("size", flat=True)) > TOGETHER:
        raise Refused(
            _("“%(name)s” was not taken: all your files together may have at most %(most)s.")
            % {"name": name, "most": filesizeformat(TOGETHER)}
        )


def _type_of(name: str, upload: UploadedFile) -> str:
    upload.seek(0)
    head = upload.read(HEAD)
    upload.seek(0)
    return type_of(name, head)


def _sha256(upload: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
