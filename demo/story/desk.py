"""How the story's desk is arranged: its hours, what it promises, who takes what, and what is at hand."""

from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from communities import people
from communities.models import Community
from communities.roles import Role
from demo.host import KEY
from demo.story.joining import Cast, representative
from hubs.models import Hub
from support.asking import widget
from support.automation import editing
from support.desk import saved_views
from support.models import (
    CalendarHoliday,
    IssueTarget,
    Objective,
    ObjectiveSet,
    ReducedPeriod,
    Rotation,
    Rule,
    StatusComponent,
    Turn,
    WidgetSite,
    WorkingCalendar,
)
from support.people import absences
from support.states import BudgetPeriod, NamingRule, Priority, ReducedHours, WhoOpens
from support.tickets import terms
from support.timing import calendars
from support.working import spending

FEWER = {
    "en": "Our team meets this week and answers more slowly. What stops a whole hub is looked at at once.",
    "es": "Esta semana nuestro equipo se reúne y responde más despacio. Lo que detiene un hub entero se atiende enseguida.",
    "pt": "Esta semana a nossa equipa reúne-se e responde mais devagar. O que para um hub inteiro é visto de imediato.",
    "fr": "Notre équipe se réunit cette semaine et répond plus lentement. Ce qui arrête tout un hub est traité aussitôt.",
}


def arrange(glaciares: Community, lagos: Community, cast: Cast) -> None:
    """Everything an operator, a triager and the representatives set up before letters come."""
    set_up_escalation()
    keep_hours()
    agree_on_terms(glaciares, lagos, cast)
    take_turns(cast)
    keep_a_view(cast)
    switch_a_rule_on(cast)
    put_the_widget_on_a_site(glaciares)
    people.invite(glaciares, email="killa@glaciares.example.org", role=Role.MEMBER, name="Killa Rojas", by=representative(glaciares))


def set_up_escalation() -> None:
    """Where issues go, and what the status page calls things."""
    IssueTarget.objects.get_or_create(
        repository="example-hubs/infrastructure", defaults={"name": "Infrastructure", "labels": "support", "is_public": True}
    )
    IssueTarget.objects.get_or_create(
        repository="example-hubs/private-operations", defaults={"name": "Operations", "is_public": False, "naming": NamingRule.NAME}
    )
    StatusComponent.objects.get_or_create(name="Hubs", defaults={"name_es": "Hubs", "name_pt": "Hubs", "name_fr": "Hubs", "position": 1})
    StatusComponent.objects.get_or_create(
        name="Signing in", defaults={"name_es": "Inicio de sesión", "name_pt": "Início de sessão", "name_fr": "Connexion", "position": 2}
    )


def keep_hours() -> None:
    """A holiday and a week with less of the team, both ahead; and a calendar for those who teach at any hour."""
    today = timezone.now().date()
    calendar = WorkingCalendar.objects.earliest("pk")
    CalendarHoliday.objects.create(calendar=calendar, on=date(today.year + 1, 1, 1), name="New Year")
    monday = today + timedelta(days=21 + (7 - today.weekday()) % 7)
    ReducedPeriod.objects.create(
        calendar=calendar,
        name="The team meets",
        begins_on=monday,
        ends_on=monday + timedelta(days=4),
        hours=ReducedHours.USUAL,
        factor=200,
        message=FEWER,
        answers=True,
    )
    calendars.forget()


def agree_on_terms(glaciares: Community, lagos: Community, cast: Cast) -> None:
    """Glaciares looks first at what its members ask and has a budget; Lagos teaches, so its clocks run day and night."""
    terms.change(glaciares, by=representative(glaciares), who_opens=WhoOpens.REPRESENTATIVES, champions_approve=True)
    spending.agree(glaciares, minutes=600, period=BudgetPeriod.MONTH)
    always = WorkingCalendar.objects.create(name="Day and night", timezone="Africa/Lagos", is_always=True)
    objectives = ObjectiveSet.objects.create(name="While a course runs")
    hours = {Priority.URGENT: (1, 2, 8), Priority.HIGH: (4, 8, 24), Priority.MEDIUM: (8, 24, 72), Priority.LOW: (24, 48, 240)}
    Objective.objects.bulk_create(
        Objective(objectives=objectives, priority=priority, first=first * 60, next=later * 60, resolution=resolution * 60)
        for priority, (first, later, resolution) in hours.items()
    )
    terms.change(lagos, by=cast.olga, calendar=always, objectives=objectives)
    calendars.forget()


def take_turns(cast: Cast) -> None:
    """Sam and Eli take first answers in turn; Eli is away for a few days soon."""
    assert cast.sam.user is not None  # noqa: S101  everybody of the cast has a name
    assert cast.eli.user is not None  # noqa: S101  everybody of the cast has a name
    rotation = Rotation.objects.create(name="First answers", position=1)
    Turn.objects.create(rotation=rotation, user=cast.sam.user, position=1, weight=2)
    Turn.objects.create(rotation=rotation, user=cast.eli.user, position=2, most_open=5)
    ahead = timezone.now().date() + timedelta(days=9)
    absences.enter(cast.eli.user, first_day=ahead, last_day=ahead + timedelta(days=3), note="Conference", by=cast.eli)


def keep_a_view(cast: Cast) -> None:
    """One view that everybody at the desk has in their rail."""
    assert cast.sam.user is not None  # noqa: S101  everybody of the cast has a name
    saved_views.keep(saved_views.Wish(name="Events ahead", filters={"kind": "event"}, is_shared=True, is_pinned=True), owner=cast.sam.user)


def switch_a_rule_on(cast: Cast) -> None:
    """An operator tried one of the rules that came with the site, and lets it run."""
    rule = Rule.objects.get(key="hub_is_down")
    editing.tried(rule, by=cast.olga)
    editing.switch_on(rule, by=cast.olga)


def put_the_widget_on_a_site(community: Community) -> WidgetSite:
    """The community's documentation, on another origin, asks through the widget."""
    port = settings.DEMO_HOST_ORIGIN.rpartition(":")[2]
    hub = Hub.objects.filter(community=community).first()
    site = WidgetSite(name="Documentation", key=KEY, origins=[settings.DEMO_HOST_ORIGIN, f"http://localhost:{port}"], hub=hub)
    return widget.arrange(site, community=community, by=representative(community))
