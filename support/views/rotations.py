"""Who takes tickets in turn, and who is away."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.access import needs
from ground.actors import ActingRequest
from support.access import EDIT_RULES, ENTER_ABSENCES, USE_DESK
from support.automation.turns import AbsenceForm, RotationForm
from support.forms.tickets import desk_people
from support.mirror.away import away
from support.models import Absence, Rotation
from support.people import absences


@require_safe
@needs(USE_DESK)
def rotations(request: ActingRequest) -> HttpResponse:
    """Every rotation with its people, who was given what when, and who is away."""
    rows = Rotation.objects.visible_to(request.actor).prefetch_related("turns__user", "communities")
    context = _frame("rotations", rotations=list(rows), absent=absences.away_now(), may_edit=EDIT_RULES.is_held_by(request.actor))
    return render(request, "support/automation/rotations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT_RULES)
def new_rotation(request: ActingRequest) -> HttpResponse:
    """People who take tickets in turn."""
    return _edit(request, Rotation())


@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT_RULES)
def rotation(request: ActingRequest, pk: int) -> HttpResponse:
    """Change a rotation and its people."""
    return _edit(request, get_object_or_404(Rotation.objects.visible_to(request.actor), pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(USE_DESK)
def absence_list(request: ActingRequest) -> HttpResponse:
    """Who is away and will be; one enters one's own, triagers everybody's."""
    form = _absence_form(request)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        absences.enter(chosen["user"], first_day=chosen["first_day"], last_day=chosen["last_day"], note=chosen["note"], by=request.actor)
        messages.success(request, _("Kept. Tickets in turn go to others on these days."))
        return redirect("support:absences")
    absent = absences.away_now()
    context = _frame(
        "absences",
        form=form,
        coming=absences.coming(),
        absent=absent,
        left=absences.left_behind(absent),
        may_enter=ENTER_ABSENCES.is_held_by(request.actor),
    )
    return render(request, "support/automation/absences.html", context, status=422 if form.errors else 200)


@require_POST
@needs(USE_DESK)
def take_back_absence(request: ActingRequest, pk: int) -> HttpResponse:
    """Somebody is here after all: their own word, or a triager's."""
    rows = Absence.objects.visible_to(request.actor)
    mine = rows if ENTER_ABSENCES.is_held_by(request.actor) else rows.filter(user=request.actor.user)
    absences.take_back(get_object_or_404(mine, pk=pk))
    messages.success(request, _("The absence is taken back."))
    return redirect("support:absences")


def _edit(request: ActingRequest, shown: Rotation) -> HttpResponse:
    form = RotationForm(request.POST if request.method == "POST" else None, instance=shown, people=desk_people())
    if request.method == "POST" and form.is_valid():
        form.keep()
        messages.success(request, _("The rotation is kept."))
        return redirect("support:rotations")
    return render(
        request,
        "support/automation/rotation.html",
        _frame("rotations", rotation=shown, form=form),
        status=422 if form.errors else 200,
    )


def _absence_form(request: ActingRequest) -> AbsenceForm:
    user: Any = request.actor.user
    people = desk_people() if ENTER_ABSENCES.is_held_by(request.actor) else desk_people().filter(pk=user.pk)
    return AbsenceForm(request.POST if request.method == "POST" else None, people=people, user=user)


def _frame(tab: str, **more: Any) -> dict[str, Any]:
    return {"tab": tab, "away": away(), **more}
