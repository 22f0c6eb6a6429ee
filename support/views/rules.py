"""The desk's rules: read as sentences, edited as rows, tried before they run, counted after."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.access import needs
from ground.actors import ActingRequest
from ground.paging import keyset
from support.access import EDIT_RULES, USE_DESK
from support.automation import editing, trying, words
from support.automation.actions import Action
from support.automation.forms import RuleForm
from support.automation.words import Vocabulary
from support.mirror.away import away
from support.models import Rule, RuleRun
from support.states import RunOutcome, Trigger

SPANS = {"7": 7, "30": 30}


@require_safe
@needs(USE_DESK)
def rules(request: ActingRequest) -> HttpResponse:
    """Every rule in the order in which they run, as a sentence, with what each did."""
    vocabulary, rows = Vocabulary.read(), list(Rule.objects.visible_to(request.actor).select_related("version"))
    counts = editing.counted(rows)
    shown = [
        {
            "rule": rule,
            "sentence": words.sentence(rule, vocabulary),
            "counts": counts.get(rule.pk, {}),
            "is_changed": editing.is_changed(rule),
        }
        for rule in rows
    ]
    return render(request, "support/automation/rules.html", _frame(request, rules=shown))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT_RULES)
def new_rule(request: ActingRequest) -> HttpResponse:
    """Write a rule. It is switched off until it was tried."""
    return _edit(request, Rule(trigger=Trigger.OPENED))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT_RULES)
def rule(request: ActingRequest, pk: int) -> HttpResponse:
    """Change a rule. What runs goes on until the change is tried and switched on."""
    return _edit(request, get_object_or_404(Rule.objects.visible_to(request.actor).select_related("version"), pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT_RULES)
def try_rule(request: ActingRequest, pk: int) -> HttpResponse:
    """What it would have done in the last 30 days. Looking at it (a POST) lets it be switched on."""
    shown = _rule(request, pk)
    if request.method == "POST":
        editing.tried(shown, by=request.actor)
        return redirect("support:try_rule", pk=pk)
    vocabulary = Vocabulary.read()
    context = _frame(
        request,
        rule=shown,
        sentence=words.sentence(shown, vocabulary),
        would=[words.action(Action.read(raw), vocabulary) for raw in shown.actions],
        tried=trying.try_out(shown, now=timezone.now()),
        is_tried=shown.tried_digest == editing.digest_of(shown),
        is_time=shown.trigger == Trigger.TIME,
        is_changed=editing.is_changed(shown),
    )
    return render(request, "support/automation/try.html", context)


@require_POST
@needs(EDIT_RULES)
def switch_on(request: ActingRequest, pk: int) -> HttpResponse:
    """Let it run as it was tried."""
    try:
        editing.switch_on(_rule(request, pk), by=request.actor)
    except editing.NotTried:
        messages.error(request, _("Try the rule first: it was changed since, or nobody has looked at what it would do."))
        return redirect("support:try_rule", pk=pk)
    messages.success(request, _("The rule runs from now on."))
    return redirect("support:rules")


@require_POST
@needs(EDIT_RULES)
def switch_off(request: ActingRequest, pk: int) -> HttpResponse:
    """Let it run no more."""
    editing.switch_off(_rule(request, pk), by=request.actor)
    messages.success(request, _("The rule is switched off."))
    return redirect("support:rules")


@require_POST
@needs(EDIT_RULES)
def earlier(request: ActingRequest, pk: int) -> HttpResponse:
    """Run it before the rule above it."""
    editing.move(_rule(request, pk), before=True)
    return redirect("support:rules")


@require_POST
@needs(EDIT_RULES)
def later(request: ActingRequest, pk: int) -> HttpResponse:
    """Run it after the rule below it."""
    editing.move(_rule(request, pk), before=False)
    return redirect("support:rules")


@require_POST
@needs(EDIT_RULES)
def remove(request: ActingRequest, pk: int) -> HttpResponse:
    """Remove a rule that never met a ticket."""
    shown = _rule(request, pk)
    if editing.can_be_removed(shown):
        editing.remove(shown, by=request.actor)
        messages.success(request, _("The rule is removed."))
    else:
        messages.error(request, _("The rule has met tickets: it stays, so that what it did can be read. Switch it off instead."))
    return redirect("support:rules")


@require_safe
@needs(USE_DESK)
def runs(request: ActingRequest, pk: int) -> HttpResponse:
    """What one rule did: the rows behind its numbers."""
    shown, vocabulary = _rule(request, pk), Vocabulary.read()
    days = SPANS.get(request.GET.get("days", ""), 30)
    outcome = RunOutcome.HELD if request.GET.get("show") == "held" else RunOutcome.DONE
    found = RuleRun.objects.visible_to(request.actor).filter(rule=shown, at__gte=timezone.now() - timedelta(days=days), outcome=outcome)
    page = keyset(found.select_related("ticket"), order=("-at", "-pk"), cursor=request.GET.get("cursor", ""))
    context = _frame(
        request,
        rule=shown,
        sentence=words.sentence(shown, vocabulary),
        days=days,
        is_held=outcome == RunOutcome.HELD,
        page=page,
        runs=[{"run": each, "did": words.done_in_words(each.did, vocabulary)} for each in page.rows],
    )
    return render(request, "support/automation/runs.html", context)


def _edit(request: ActingRequest, shown: Rule) -> HttpResponse:
    vocabulary = Vocabulary.read()
    form = RuleForm(request.POST if request.method == "POST" else None, rule=shown, words=vocabulary)
    if request.method == "POST" and form.is_valid():
        kept = editing.save(form.filled(), by=request.actor)
        messages.success(request, _("The rule is kept. Look at what it would have done before it runs."))
        return redirect("support:try_rule", pk=kept.pk)
    known = sorted({str(word) for each in (*vocabulary.of_fields.values(), *vocabulary.of_actions.values()) for word in each.values()})
    context = _frame(request, rule=shown, form=form, known=known, can_be_removed=bool(shown.pk) and editing.can_be_removed(shown))
    return render(request, "support/automation/rule.html", context, status=422 if form.errors else 200)


def _rule(request: ActingRequest, pk: int) -> Rule:
    found: Rule = get_object_or_404(Rule.objects.visible_to(request.actor).select_related("version"), pk=pk)
    return found


def _frame(request: ActingRequest, **more: Any) -> dict[str, Any]:
    return {"tab": "rules", "away": away(), "may_edit": EDIT_RULES.is_held_by(request.actor), **more}
