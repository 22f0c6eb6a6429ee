"""Forms and applications for tests, made as the product makes them."""

import functools
from datetime import timedelta
from pathlib import Path
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory
from ruamel.yaml import YAML

from onboarding.models import AnswerRevision, Application, FormDefinition, FormVersion
from onboarding.questions.compiling import compile_form, digest
from onboarding.questions.conditions import PENDING
from onboarding.states import ApplicationState
from tests.factories import ProgrammeFactory

CONTENT = Path(__file__).parents[2] / "onboarding" / "content"

ANSWERS = {
    "use.types": ["research", "education"],
    "use.existing_community": False,
    "applicant.language": "es",
    "community.long_name": "Red Andina de Glaciares",
    "community.short_name": "glaciares-andinos",
    "community.website": "https://glaciares.example.org",
    "community.country": "PE",
    "community.org_type": "distributed_network",
    "community.description": "Somos 40 glaciólogas y glaciólogos de Perú, Bolivia y Chile.",
    "goal.future": "Trabajar con las mismas imágenes desde el navegador.",
    "goal.barrier": "Nuestras computadoras son pequeñas.",
    "goal.success": "Diez personas hacen el análisis mensual solas.",
    "work.style": "mostly_interactive",
    "work.software": ["python", "r"],
    "open.principles": "already_open",
    "research.domain": "Glaciología",
    "research.data_size": "100gb_1tb",
    "research.data_location": ["aws", "public_archive"],
    "edu.courses": "Introducción a la hidrología",
    "edu.students": 60,
    "edu.term": {"start": "2027-03-01", "end": "2027-07-15"},
    "edu.peak_simultaneous": 30,
    "edu.exams": "no",
    "contact.name": "Ana Quispe Mamani",
    "contact.email": "ana@glaciares.example.org",
    "contact.timezone": "America/Lima",
    "people.users_band": "11_50",
    "people.first_users": "yes_named",
    "people.skills": "mixed",
    "people.community_champion": {"name": "Ana Quispe Mamani", "email": "ana@glaciares.example.org"},
    "people.hub_champion": {"name": "Luis Huamán", "email": "luis@glaciares.example.org"},
    "people.authority": "contact_can_decide",
    "data.sensitive": "none",
    "money.path": "needs_free_place",
    "time.target_start": "2027-02-01",
    "time.duration": "one_year",
    "consent.privacy": True,
    "consent.conduct": True,
    "consent.roles_read": True,
}
"""A whole application, everything answered that reviewers need."""


@functools.cache
def interest_schema() -> dict[str, Any]:
    yaml = YAML(typ="safe")
    structure = yaml.load(CONTENT / "interest.yaml")
    return compile_form(structure, {language: yaml.load(CONTENT / f"interest.{language}.yaml") for language in structure["languages"]})


class FormDefinitionFactory(DjangoModelFactory):
    class Meta:
        model = FormDefinition
        django_get_or_create = ("key",)

    key = "interest"
    programme = factory.SubFactory(ProgrammeFactory)
    is_public = True


class FormVersionFactory(DjangoModelFactory):
    class Meta:
        model = FormVersion
        django_get_or_create = ("definition", "number")

    definition = factory.SubFactory(FormDefinitionFactory)
    number = 1
    is_current = True
    schema = factory.LazyFunction(interest_schema)
    sha256 = factory.LazyAttribute(lambda version: digest(version.schema))


class ApplicationFactory(DjangoModelFactory):
    """A sent and confirmed application, waiting to be screened; `draft()` and `applied()` are the ones before it."""

    class Meta:
        model = Application

    reference = factory.Sequence(lambda n: f"CI-0000-{n:04}")
    form_version = factory.SubFactory(FormVersionFactory)
    programme = factory.SelfAttribute("form_version.definition.programme")
    state = ApplicationState.SCREENING
    email = "ana@glaciares.example.org"
    language = "es"
    answers = factory.LazyFunction(lambda: dict(ANSWERS))
    name = factory.LazyAttribute(lambda application: str(application.answers.get("community.long_name") or ""))
    country = factory.LazyAttribute(lambda application: application.answers.get("community.country") or "")
    sent_at = factory.LazyFunction(timezone.now)
    email_verified_at = factory.LazyFunction(timezone.now)


class AnswerRevisionFactory(DjangoModelFactory):
    class Meta:
        model = AnswerRevision

    application = factory.SubFactory(ApplicationFactory)
    number = 1
    form_version = factory.SelfAttribute("application.form_version")
    answers = factory.LazyAttribute(lambda revision: dict(revision.application.answers))
    reason = AnswerRevision.Reason.SENT


def draft(**fields: Any) -> Application:
    """An application nobody has sent yet."""
    return ApplicationFactory(
        **{"state": ApplicationState.DRAFT, "sent_at": None, "email_verified_at": None, "purge_after": timezone.now() + timedelta(days=60)}
        | fields
    )


def applied(**fields: Any) -> Application:
    """An application whose e-mail address nobody has confirmed yet."""
    return ApplicationFactory(**{"state": ApplicationState.APPLIED, "email_verified_at": None} | fields)


EVERY_ANSWER = ANSWERS | {
    "use.types": ["research", "education", "event", "other"],
    "community.github_org": "https://github.com/glaciares-andinos",
    "community.personas": "12 doctorandos que saben algo de Python.\n3 técnicos de campo.",
    "open.example": "Los cuadernos del curso 🧊",
    "research.groups": 4,
    "research.parallel": "unsure",
    "research.gpu": "no",
    "edu.exams": "yes",
    "edu.exam_dates": [{"start": "2027-06-01", "end": "2027-06-01"}, {"start": "2027-07-01", "end": "2027-07-02"}],
    "edu.materials": "public_repository",
    "event.kind": "workshop",
    "event.start": {"local": "2027-03-02T09:00", "timezone": "America/Lima"},
    "event.end": {"local": "2027-03-06T17:00", "timezone": "America/Lima"},
    "event.active_times": {"start": "09:00", "end": "17:00", "timezone": "America/Lima"},
    "event.attendees": 45,
    "event.similar_before": "dont_know",
    "event.keep_hub": "keep",
    "other.describe": "Una biblioteca pública.",
    "contact.role": "Responsable de datos",
    "people.authority": "needs_approval",
    "people.approver": PENDING,
    "people.training": ["hub_admin", "open_science"],
    "data.sensitive": "personal",
    "data.sensitive_note": "Entrevistas sin nombres.",
    "money.cloud_account": "unsure",
    "time.latest_start": "2027-04-01",
    "time.important_dates": [{"start": "2027-05-01", "end": "2027-05-31"}],
    "consent.publish_name": True,
}
"""Every question of the form answered, every type of question among them."""
