"""Rules as sentences, and what each of their words stands for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from communities.models import Community, User
from communities.states import Party
from ground.texts import pick
from support import vocabulary
from support.automation.actions import TOLD_GROUPS, Action
from support.automation.conditions import WITHOUT_VALUE, Condition, Shape
from support.models import FreshdeskGroup, Rotation, Rule, RuleVersion, TicketStatus
from support.policy import DESK_GROUPS
from support.states import Escalation, Impact, Kind, Match, StatusGroup, Trigger

Word = str | Promise
FIELD_WORDS: Mapping[str, Word] = {
    "community": gettext_lazy("its community"),
    "language": gettext_lazy("its community's language"),
    "kind": gettext_lazy("its kind"),
    "impact": gettext_lazy("its impact"),
    "responsible": gettext_lazy("the responsible party"),
    "escalation": gettext_lazy("its issue on GitHub"),
    "status": gettext_lazy("its status"),
    "turn": gettext_lazy("its state"),
    "priority": gettext_lazy("its priority"),
    "assignee": gettext_lazy("its assignee"),
    "assigned": gettext_lazy("somebody has it"),
    "group": gettext_lazy("its group in Freshdesk"),
    "tags": gettext_lazy("its tags"),
    "subject": gettext_lazy("its subject"),
    "requester": gettext_lazy("the requester's address"),
    "confidential": gettext_lazy("it is confidential"),
    "opened": gettext_lazy("it has been here"),
    "waiting": gettext_lazy("the requester has waited"),
    "quiet": gettext_lazy("nobody has written"),
}
OPPOSITES: Mapping[str, Word] = {"assigned": gettext_lazy("nobody has it"), "confidential": gettext_lazy("it is not confidential")}
OPERATOR_WORDS: Mapping[str, Word] = {
    "is": gettext_lazy("is"),
    "is_not": gettext_lazy("is not"),
    "set": gettext_lazy("is decided"),
    "not_set": gettext_lazy("is not decided"),
    "at_least": gettext_lazy("is at least"),
    "at_most": gettext_lazy("is at most"),
    "contains": gettext_lazy("contains"),
    "contains_not": gettext_lazy("does not contain"),
    "has": gettext_lazy("have"),
    "has_not": gettext_lazy("do not have"),
    "yes": gettext_lazy("yes"),
    "no": gettext_lazy("no"),
    "for_at_least": gettext_lazy("for at least"),
    "for_less": gettext_lazy("for less than"),
}
ACTION_WORDS: Mapping[str, Word] = {
    "kind": gettext_lazy("set the kind to"),
    "impact": gettext_lazy("set the impact to"),
    "responsible": gettext_lazy("set the responsible party to"),
    "priority": gettext_lazy("set the priority to"),
    "status": gettext_lazy("set the status to"),
    "assign": gettext_lazy("give it to"),
    "rotation": gettext_lazy("give it to whose turn it is in"),
    "unassign": gettext_lazy("take it from its assignee"),
    "add_tag": gettext_lazy("add the tag"),
    "remove_tag": gettext_lazy("remove the tag"),
    "note": gettext_lazy("write the note"),
    "reply": gettext_lazy("reply to the requester"),
    "watch": gettext_lazy("let watch"),
    "snooze": gettext_lazy("snooze it for"),
    "tell": gettext_lazy("tell every"),
}


@dataclass(frozen=True)
class Vocabulary:
    """Word by value, for conditions by field and for actions by what they do. Read once a page."""

    of_fields: Mapping[str, Mapping[str, Word]]
    of_actions: Mapping[str, Mapping[str, Word]]

    @classmethod
    def read(cls) -> "Vocabulary":
        """Six queries."""
        people = {
            each.email: each.get_full_name()
            for each in User.objects.filter(is_active=True, groups__name__in=DESK_GROUPS).distinct().order_by("name", "email")
        }
        statuses = {str(each.pk): str(each) for each in TicketStatus.objects.all()}
        priorities = {str(number): str(word) for number, word in vocabulary.priority_words().items()}
        plain: dict[str, Mapping[str, Word]] = {
            "kind": dict(Kind.choices),
            "impact": dict(Impact.choices),
            "responsible": dict(Party.choices),
        }
        fields: dict[str, Mapping[str, Word]] = {
            **plain,
            "community": dict(Community.objects.order_by("name").values_list("slug", "name")),
            "language": dict(settings.LANGUAGES),
            "escalation": dict(Escalation.choices),
            "status": statuses,
            "turn": dict(StatusGroup.choices),
            "priority": priorities,
            "assignee": people,
            "group": {name: name for name in FreshdeskGroup.objects.values_list("name", flat=True)},
        }
        actions: dict[str, Mapping[str, Word]] = {
            **plain,
            "priority": priorities,
            "status": statuses,
            "assign": people,
            "watch": people,
            "rotation": {str(pk): name for pk, name in Rotation.objects.values_list("pk", "name")},
            "tell": {group.value: group.label for group in TOLD_GROUPS},
        }
        return cls(fields, actions)

    def key(self, known: Mapping[str, Word], said: str) -> str | None:
        """The value that a word, or the value itself, stands for."""
        wanted = said.strip().casefold()
        return next((value for value, word in known.items() if wanted in {value.casefold(), str(word).casefold()}), None)


def sentence(rule: Rule | RuleVersion, words: Vocabulary) -> str:
    """“When a ticket is opened and its community is Kelp, then give it to Sam.”"""
    asked = [condition(Condition.read(raw), words) for raw in rule.conditions]
    joined = (f" {_('or')} " if rule.match == Match.ANY else f" {_('and')} ").join(asked)
    done = get_text_list([action(Action.read(raw), words) for raw in rule.actions], _("and"))
    if rule.trigger == Trigger.TIME:
        return _("Every hour, if %(conditions)s, then %(actions)s.") % {"conditions": joined, "actions": done}
    if not asked:
        return _("When %(trigger)s, then %(actions)s.") % {"trigger": trigger(rule, words), "actions": done}
    return _("When %(trigger)s and %(conditions)s, then %(actions)s.") % {
        "trigger": trigger(rule, words),
        "conditions": joined,
        "actions": done,
    }


def trigger(rule: Rule | RuleVersion, _words: Vocabulary) -> str:
    if rule.trigger == Trigger.CHANGED and rule.changed_field:
        return _("%(field)s changes") % {"field": FIELD_WORDS.get(rule.changed_field, rule.changed_field)}
    return str(Trigger(rule.trigger).label)


def condition(asked: Condition, words: Vocabulary) -> str:
    """One condition: “its kind is Incident or Change”."""
    field, operator = FIELD_WORDS[asked.field], OPERATOR_WORDS[asked.operator]
    if asked.shape == Shape.FLAG:
        return str(field if asked.operator == "yes" else OPPOSITES[asked.field])
    if asked.operator in WITHOUT_VALUE:
        return f"{field} {operator}"
    known = words.of_fields.get(asked.field, {})
    said = [span(each) if asked.shape == Shape.AGE else str(known.get(each, f"“{each}”")) for each in asked.values]
    return f"{field} {operator} {get_text_list(said, _('or'))}"


def action(done: Action, words: Vocabulary) -> str:
    """One action: “add the tag “reminded””."""
    verb = ACTION_WORDS[done.do]
    if done.do == "reply":
        return f"{verb}: “{pick(dict(done.texts))[:80]}”"
    if done.do == "unassign":
        return str(verb)
    if done.do == "snooze":
        return f"{verb} {span(done.value)}"
    return f"{verb} {words.of_actions.get(done.do, {}).get(done.value, f'“{done.value}”')}"


def span(text: str) -> str:
    """“5wd” in words."""
    unit = text.lstrip("0123456789")
    number = int(text[: len(text) - len(unit)] or 0)
    match unit:
        case "wd":
            return ngettext("%(n)d working day", "%(n)d working days", number) % {"n": number}
        case "d":
            return ngettext("%(n)d day", "%(n)d days", number) % {"n": number}
    return ngettext("%(n)d hour", "%(n)d hours", number) % {"n": number}


def done_in_words(actions: Sequence[Mapping[str, str]], words: Vocabulary) -> str:
    """What a run did."""
    return get_text_list([action(Action.read(raw), words) for raw in actions], _("and")) if actions else ""
