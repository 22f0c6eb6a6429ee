"""Practising on examples before a first review, and how far reviewers agree on real ones."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from communities.access import needs
from communities.models import Programme
from ground.actors import ActingRequest
from onboarding import calibrating, reliability
from onboarding.access import SCORE
from onboarding.agreement import FEWEST_UNITS, RELIABLE
from onboarding.conflicts import person
from onboarding.forms.reviewing import PracticeForm
from onboarding.models import CalibrationExample, CalibrationPractice, RubricVersion
from onboarding.questions.summary import Section, summary
from onboarding.rubric import RubricContent


@require_safe
@needs(SCORE)
def examples(request: ActingRequest) -> HttpResponse:
    """The examples, and which of them this person has scored."""
    done = set(CalibrationPractice.objects.filter(reviewer=request.actor.user).values_list("example", flat=True))
    rows = [(example, example.pk in done) for example in CalibrationExample.objects.select_related("application")]
    return render(request, "onboarding/review/examples.html", {"examples": rows, "left": sum(not is_done for _example, is_done in rows)})


@require_safe
@needs(SCORE)
def example(request: ActingRequest, key: str) -> HttpResponse:
    """One example to score, or, once scored, one's own levels beside the agreed ones."""
    row = _example(key)
    return _page(request, row, PracticeForm(row, _content(row)))


@require_POST
@needs(SCORE)
def practise(request: ActingRequest, key: str) -> HttpResponse:
    """Score one example."""
    row = _example(key)
    form = PracticeForm(row, _content(row), request.POST)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    calibrating.practise(row, levels=form.cleaned_data, by=request.actor)
    return redirect("onboarding:calibration_example", key)


@require_safe
@needs(SCORE)
def agreement(request: ActingRequest) -> HttpResponse:
    """Krippendorff's alpha of each criterion, and which level texts want work."""
    found = [(programme, reliability.agreement_of(programme)) for programme in _with_rubric()]
    return render(request, "onboarding/review/agreement.html", {"found": found, "fewest": FEWEST_UNITS, "reliable": RELIABLE})


def _with_rubric() -> list[Programme]:
    return list(Programme.objects.filter(rubrics__versions__is_current=True).distinct().order_by("-is_default", "name"))


def _example(key: str) -> CalibrationExample:
    rows = CalibrationExample.objects.select_related("application__form_version", "application__programme")
    return get_object_or_404(rows.defer("application__form_version__schema"), key=key)


def _content(example: CalibrationExample) -> RubricContent:
    return RubricVersion.objects.current(example.application.programme).content


def _answered(example: CalibrationExample) -> list[Section]:
    """An example answers what matters for its scores, and no more."""
    sections = summary(example.application.form_version.form, example.answers)
    kept = (replace(section, lines=[line for line in section.lines if line.words]) for section in sections)
    return [section for section in kept if section.lines]


def _page(request: ActingRequest, row: CalibrationExample, form: PracticeForm, *, status: int = 200) -> HttpResponse:
    practice = CalibrationPractice.objects.filter(example=row, reviewer=person(request.actor)).first()
    lines = calibrating.side_by_side(practice) if practice else []
    left = CalibrationExample.objects.left_for(person(request.actor), row.application.programme).exclude(pk=row.pk).first()
    context = {
        "example": row,
        "form": form,
        "sections": _answered(row),
        "lines": lines,
        "off": sum(line.apart > 1 for line in lines),
        "next": left,
    }
    return render(request, "onboarding/review/example.html", context, status=status)
