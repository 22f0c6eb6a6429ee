"""Typing answers into the form's pages, as a browser would post them."""

from typing import Any

from django.test import Client
from django.urls import reverse

from onboarding.models import Application
from onboarding.questions.answers import inputs
from onboarding.questions.progress import fields_shown, steps_shown
from tests.onboarding.factories import ANSWERS


def begin(client: Client) -> Application:
    """Press the button of the start page."""
    response = client.post(reverse("onboarding:apply"))
    assert response.status_code == 302, response.content.decode()
    return Application.objects.latest("pk")


def typed(application: Application, step_key: str, answers: dict[str, Any] | None = None) -> dict[str, Any]:
    """What a page's inputs hold when these answers are typed into it."""
    form, answers = application.form_version.form, ANSWERS | (answers or {})
    data: dict[str, Any] = {"etag": application.etag}
    step = form.step(step_key)
    for field in fields_shown(form, step, application.answers | answers):
        if field.requires:
            data[f"{field.key}:seen"] = "yes"
        data |= inputs(field, answers.get(field.key))
    return data


def post(client: Client, application: Application, step_key: str, **changes: Any) -> Any:
    """Save one page, with some inputs changed."""
    application.refresh_from_db()
    return client.post(reverse("onboarding:page", args=[step_key]), typed(application, step_key) | changes)


def fill_in(client: Client, application: Application) -> None:
    """Every page the answers lead to, one after the other."""
    done: set[str] = set()
    while True:
        application.refresh_from_db()
        open_steps = [step.key for step in steps_shown(application.form_version.form, application.answers) if step.key not in done]
        if not open_steps:
            return
        response = post(client, application, open_steps[0])
        assert response.status_code == 302, response.content.decode()
        done.add(open_steps[0])
