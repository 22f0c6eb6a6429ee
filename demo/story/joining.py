"""How the story's communities join: they apply, are reviewed and welcomed, agree on who does what, and ask for a hub."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone
from ruamel.yaml import YAML

from communities import matrix
from communities.models import Community, ResponsibilityMatrix, User
from communities.states import Party
from demo.people import BY_EMAIL, STAFF, employ
from ground.actors import Actor
from ground.sweep import perform_due
from hubs import deployment, requests
from hubs.models import HubRequest
from onboarding import acceptance, assigning, deciding, intake, reviewing, screening
from onboarding.models import Application, Decision, FormVersion, RubricVersion
from onboarding.questions.answers import inputs
from onboarding.questions.progress import steps_shown
from onboarding.scoring import Mark
from onboarding.states import ConflictKind, Outcome

CONTENT = Path(__file__).parent.parent / "content"
WHAT_THE_HUB_STILL_NEEDS = {
    "/hubs/0/authentication/admins": ["ana-quispe", "luis-huaman"],
    "/hubs/0/homepage/org/logo_url": "https://glaciares.example.org/logo.png",
    "/hubs/0/homepage/funded_by/name": "Fondo Andino de Ciencia",
    "/hubs/0/homepage/funded_by/url": "https://fondo.example.org",
}


@dataclass(frozen=True)
class Cast:
    """Who acts in the story."""

    rita: Actor
    rui: Actor
    lena: Actor
    gita: Actor
    sam: Actor
    eli: Actor
    olga: Actor


def meet() -> Cast:
    """Employ the staff."""
    people = {login.email.split("@")[0]: Actor.person(employ(login)) for login in STAFF if login.email in BY_EMAIL}
    return Cast(**{name: people[name] for name in Cast.__annotations__})


def welcome(who: str, cast: Cast) -> Community:
    """From the form to a founded community."""
    application = apply(who)
    review(application, cast)
    decision = accept(application, cast)
    community = acceptance.release(decision, by=cast.lena)
    assert community is not None  # noqa: S101  an acceptance founds
    perform_due()
    return community


def apply(who: str) -> Application:
    """Fill the form page by page as the file says, send it, and confirm the address by the mailed link."""
    said: dict[str, Any] = YAML(typ="safe").load(CONTENT / f"{who}.yaml")
    form = FormVersion.objects.public().get(definition__key="interest")
    application = intake.start(form, language=said["language"], by=Actor.applicant())
    for step in form.form.steps:
        fill(application, step, said["answers"] | {"applicant.language": said["language"]})
    days_ago = timezone.now() - timedelta(days=3)
    Application.objects.filter(pk=application.pk).update(created_at=days_ago)  # people take their time; intake refuses who does not
    sent = intake.send(application, idempotency_key=application.idempotency_key, by=intake.applicant(application))
    perform_due()
    return intake.verify(sent, by=intake.applicant(sent))


def fill(application: Application, step: Any, answers: dict[str, Any]) -> None:
    """One page, typed as its inputs would send it; pages that the answers hide are not met."""
    if step not in steps_shown(application.form_version.form, application.answers):
        return
    typed: dict[str, list[str]] = {}
    for question in step.fields:
        typed |= inputs(question, answers.get(question.key))
    reading = intake.save_page(application, step, typed, etag=application.etag, by=intake.applicant(application))
    if reading.problems:
        raise ValueError(f"{application.reference}: {reading.problems}")


def review(application: Application, cast: Cast) -> None:
    """Two reviewers, neither of them tied, score it against the rubric."""
    screening.start_review(application, by=cast.lena)
    for reviewer, level in ((cast.rita, 3), (cast.rui, 4)):
        score(application, reviewer, level)


def half_reviewed(application: Application, cast: Cast) -> None:
    """One review is in; the other reviewer has it waiting."""
    screening.start_review(application, by=cast.lena)
    for reviewer in (cast.rita, cast.rui):
        assigning.invite(application, reviewer.user, by=cast.lena)  # type: ignore[arg-type]  # everybody of the cast has a name
    score(application, cast.rita, 2)


def score(application: Application, reviewer: Actor, level: int) -> None:
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=reviewer)
    marks = [Mark(key, level) for key in RubricVersion.objects.current(application.programme).content.weights]
    reviewing.record(
        application,
        scores=marks,
        recommendation=Outcome.ACCEPT,
        notes=reviewing.Notes(team="The need is clear and the people are there.", applicant="We liked how concrete your plans are."),
        by=reviewer,
    )


def accept(application: Application, cast: Cast) -> Decision:
    """The guide proposes, the lead approves."""
    decision = deciding.propose(application, outcome=Outcome.ACCEPT, reasons="Two good reviews, both champions named.", by=cast.gita)
    return deciding.approve(decision, by=cast.lena)


def sign_responsibilities(community: Community, cast: Cast) -> ResponsibilityMatrix:
    """What was open is settled, then both sides agree."""
    proposed = community.matrices.get()
    for row in proposed.rows.filter(party=Party.UNSET):
        matrix.change_row(row, party=Party.SHARED, note="", by=cast.gita)
    matrix.agree(proposed, by=representative(community))
    return matrix.agree(proposed, by=cast.gita)


def ask_for_hub(community: Community, cast: Cast) -> HubRequest:
    """The representative completes and sends the request; the engineer settles what only people can do, and approves the plan."""
    request = HubRequest.objects.get(community=community)
    requests.save(request, values=WHAT_THE_HUB_STILL_NEEDS, by=representative(community), version=request.version)
    requests.submit(request, by=representative(community))
    perform_due()
    request.refresh_from_db()
    requests.approve(request, plan_digest=request.plan_digest, by=cast.eli)
    perform_due()
    request.refresh_from_db()
    for precondition in request.preconditions:
        requests.settle(request, key=precondition["key"], status="met", by=cast.eli)
    return deployment.refresh(request)


def representative(community: Community) -> Actor:
    """The community's representative."""
    person: User = community.representatives()[0]
    return Actor.person(person)
