"""One update reaches every affected community in its language, once, and shows none of them another."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities.roles import Role, StaffGroup
from ground.models import OutgoingMail
from ground.outbox import claim
from ground.states import WrongState
from ground.sweep import perform_due
from support import incidents, tickets
from support.access import can_see_incident
from support.incidents import telling
from support.incidents.silence import choose
from support.models import Incident, IncidentEvent, IncidentTelling, IncidentUpdate, Message, Ticket
from support.states import IncidentState, Status
from tests.factories import CommunityFactory, acting, member, staff
from tests.support.factories import ContactFactory, TicketFactory
from tests.support.incidents.factories import TITLE, a_cluster, a_hub, declared

pytestmark = pytest.mark.django_db
WORDS = {"en": "We **look** into it", "es": "Lo estamos **mirando**"}


@pytest.fixture
def eli():
    return staff(StaffGroup.ENGINEER, name="Eli Braun")


@pytest.fixture
def kelp():
    return CommunityFactory(slug="kelp-watch", name="Kelp Watch", language="es")


@pytest.fixture
def reef():
    return CommunityFactory(slug="reef-lab", name="Reef Lab", language="fr")


@pytest.fixture
def incident(kelp, reef, eli):
    cluster = a_cluster()
    a_hub(kelp, cluster), a_hub(reef, cluster)
    a_hub(CommunityFactory(slug="far-away", name="Far Away"), a_cluster("another"))
    return declared(by=eli, cluster=cluster)


def say(incident, eli, **more):
    update = incidents.say(incident, **{"text": WORDS, "state": IncidentState.INVESTIGATING, "by": acting(eli), **more})
    perform_due()
    return update


def own(incident, community):
    return Ticket.objects.get(origin=f"incident:{incident.pk}:{community.pk}")


def test_declare_tells_nobody_and_gives_its_declarer_the_lead(incident, eli):
    assert (IncidentTelling.objects.count(), Ticket.objects.count(), OutgoingMail.objects.count()) == (0, 0, 0)
    assert [(duty.role, duty.user) for duty in incident.duties.all()] == [("lead", eli)]
    assert [event.kind for event in incident.events.all()] == ["declared", "role"]


def test_declare_from_a_ticket_attaches_it_and_begins_when_it_was_opened(eli):
    ticket = TicketFactory()
    incident = declared(by=eli, ticket=ticket)

    ticket.refresh_from_db()
    assert (ticket.incident, incident.declared_from, incident.began_at) == (incident, ticket, ticket.created_at)


def test_affected_are_the_communities_of_the_cluster_or_of_the_chosen_hubs_and_of_tickets(incident, kelp, reef, eli):
    assert incidents.affected(incident) == [kelp, reef]
    incident.hubs.set(kelp.hubs.all())
    assert incidents.affected(incident) == [kelp]
    outside = TicketFactory()
    incidents.attach(outside, incident=incident, by=acting(eli))
    assert incidents.affected(incident) == sorted([kelp, outside.community], key=lambda each: each.name)


def test_update_opens_a_ticket_for_each_community_in_its_language(incident, kelp, reef, eli):
    say(incident, eli)

    spanish, french = own(incident, kelp), own(incident, reef)
    assert (spanish.subject, spanish.body_text) == (TITLE["es"], "Lo estamos mirando")
    assert (french.subject, french.body_text.splitlines()[0]) == (TITLE["en"], "We look into it")
    assert len(french.body_text.splitlines()) == 2  # and the line that says why it is English
    assert {(ticket.status_id, ticket.incident, ticket.waiting_since) for ticket in (spanish, french)} == {(Status.PENDING, incident, None)}
    assert Ticket.objects.count() == 2


def test_no_community_reads_of_another(incident, kelp, reef, eli):
    people = {community: member(community, Role.REPRESENTATIVE, name=f"Rep of {community.name}") for community in (kelp, reef)}
    member(kelp, Role.TECHNICAL_CONTACT), member(reef, Role.HUB_CHAMPION)
    TicketFactory(community=reef, incident=incident, requester=ContactFactory(email="asker@reef.example", name="Reef Asker"))
    say(incident, eli)
    say(incident, eli, text={"en": "Cause found", "fr": "Cause trouvée"}, state=IncidentState.IDENTIFIED)

    said = {
        community: "\n".join(
            [
                *Ticket.objects.filter(community=community).values_list("body_html", flat=True),
                *Ticket.objects.filter(community=community).values_list("subject", flat=True),
                *Message.objects.filter(ticket__community=community).values_list("body_html", flat=True),
                *(f"{told.title} {told.html} {told.ticket}" for told in incidents.open_for(community)),
            ]
        )
        for community in (kelp, reef)
    }
    for community, other in ((kelp, reef), (reef, kelp)):
        assert said[community] != ""
        assert not any(word.lower() in said[community].lower() for word in (other.name, other.slug, f"Rep of {other.name}", "asker"))
        seen = Ticket.objects.visible_to(acting(people[community]))
        assert {ticket.community for ticket in seen} == {community}


def test_mails_go_to_one_person_each_and_name_their_community_alone(incident, kelp, reef, eli, mailoutbox):
    ana = member(kelp, Role.REPRESENTATIVE, name="Ana", email="ana@kelp.example", language="pt")
    member(kelp, Role.HUB_CHAMPION, email="champion@kelp.example", language="es")
    member(kelp, Role.MEMBER, email="member@kelp.example")
    member(reef, Role.TECHNICAL_CONTACT, email="tech@reef.example", language="fr")
    silent = member(reef, Role.REPRESENTATIVE, email="silent@reef.example")
    choose(silent, wants=False)
    say(incident, eli)

    by_person = {mail.to[0]: mail for mail in mailoutbox}
    assert set(by_person) == {"ana@kelp.example", "champion@kelp.example", "tech@reef.example"}
    assert all((len(mail.to), mail.cc, mail.bcc) == (1, [], []) for mail in mailoutbox)
    assert "Lo estamos" in by_person["champion@kelp.example"].body
    assert "We **look** into it" in by_person[ana.email].body
    assert "Kelp Watch" in by_person[ana.email].body
    assert "Reef" not in by_person[ana.email].body + by_person[ana.email].subject
    assert "Kelp" not in by_person["tech@reef.example"].body + by_person["tech@reef.example"].subject


def test_choice_of_no_mail_can_be_taken_back(incident, kelp, eli, mailoutbox):
    rep = member(kelp, Role.REPRESENTATIVE, email="rep@kelp.example")
    choose(rep, wants=False), choose(rep, wants=False), choose(rep, wants=True)
    say(incident, eli)

    assert [mail.to for mail in mailoutbox] == [["rep@kelp.example"]]


def test_attached_ticket_is_answered_in_its_requesters_language_and_no_second_one_is_opened(incident, kelp, eli):
    asker = member(kelp, Role.REPRESENTATIVE, email="ana@kelp.example", language="en")
    ticket = TicketFactory(community=kelp, incident=incident, requester=ContactFactory(email="ana@kelp.example", user=asker))
    say(incident, eli)

    ticket.refresh_from_db()
    assert [(message.kind, message.body_text, message.author_user) for message in ticket.messages.all()] == [
        ("reply", "We look into it", eli)
    ]
    assert (ticket.status_id, Ticket.objects.filter(community=kelp).count()) == (Status.PENDING, 1)


def test_who_was_answered_in_their_ticket_gets_no_second_mail(incident, kelp, eli, mailoutbox):
    asker = member(kelp, Role.REPRESENTATIVE, email="ana@kelp.example")
    TicketFactory(community=kelp, incident=incident, requester=ContactFactory(email="ana@kelp.example", user=asker))
    say(incident, eli)

    assert [mail.to for mail in mailoutbox].count(["ana@kelp.example"]) == 1


def test_confidential_ticket_is_answered_and_the_team_gets_one_of_its_own(incident, kelp, eli):
    secret = TicketFactory(community=kelp, incident=incident, confidential=True)
    say(incident, eli)

    assert (secret.messages.count(), own(incident, kelp).community) == (1, kelp)


def test_second_update_goes_into_the_same_ticket(incident, kelp, eli):
    say(incident, eli)
    say(incident, eli, state=IncidentState.MONITORING)

    assert (own(incident, kelp).messages.count(), Ticket.objects.filter(community=kelp).count()) == (1, 1)


def test_ticket_of_no_community_is_answered(incident, eli):
    lost = TicketFactory(community=None, incident=incident)
    say(incident, eli)

    assert [message.body_text for message in lost.messages.all()] == ["We look into it"]


def test_resolving_answers_and_solves_every_ticket_at_once(incident, kelp, reef, eli):
    asked = TicketFactory(community=reef, incident=incident)
    say(incident, eli)
    say(incident, eli, state=IncidentState.RESOLVED, solves=True, text={"en": "It works again", "es": "Ya funciona", "fr": "Tout marche"})

    asked.refresh_from_db(), incident.refresh_from_db()
    assert set(Ticket.objects.values_list("status", flat=True)) == {Status.SOLVED}
    assert (asked.messages.last().body_text, own(incident, kelp).messages.last().body_text) == ("Tout marche", "Ya funciona")
    assert (incident.state, incident.resolved_at is not None, incidents.open_for(kelp)) == ("resolved", True, [])


def test_resolving_without_solving_leaves_tickets_waiting(incident, kelp, eli):
    say(incident, eli)
    say(incident, eli, state=IncidentState.RESOLVED)

    assert own(incident, kelp).status_id == Status.PENDING


def test_incident_that_comes_back_opens_its_tickets_again(incident, kelp, eli):
    say(incident, eli, state=IncidentState.RESOLVED, solves=True)
    assert own(incident, kelp).status_id == Status.SOLVED
    say(incident, eli, state=IncidentState.INVESTIGATING)

    incident.refresh_from_db()
    assert (own(incident, kelp).status_id, incident.resolved_at, Ticket.objects.filter(community=kelp).count()) == (Status.PENDING, None, 1)


def test_resolved_incident_goes_nowhere_but_back_to_investigating(incident, eli):
    say(incident, eli, state=IncidentState.RESOLVED)

    with pytest.raises(WrongState):
        incidents.say(incident, text=WORDS, state=IncidentState.MONITORING, by=acting(eli))
    assert IncidentUpdate.objects.count() == 1


def test_telling_twice_writes_once(incident, kelp, eli):
    incidents.say(incident, text=WORDS, state=IncidentState.INVESTIGATING, by=acting(eli))
    row = IncidentTelling.objects.get(community=kelp)
    telling.tell(row.pk), telling.tell(row.pk)
    telling._tell(row.pk)

    assert (own(incident, kelp).messages.count(), Ticket.objects.filter(community=kelp).count()) == (0, 1)


def test_the_same_update_sent_twice_is_one(incident, kelp, eli):
    first = say(incident, eli)
    assert say(incident, eli) == first
    assert (IncidentUpdate.objects.count(), IncidentTelling.objects.filter(community=kelp).count()) == (1, 1)


@pytest.mark.parametrize("changed", ["words", "state", "person", "solves", "time"])
def test_an_update_that_differs_is_another(incident, eli, changed):
    said = {"text": WORDS, "state": IncidentState.RESOLVED, "by": acting(eli)}
    incidents.say(incident, **said)
    other = {
        "words": {"text": {"en": "Still looking"}},
        "state": {"state": IncidentState.INVESTIGATING},
        "person": {"by": acting(staff(StaffGroup.ENGINEER))},
        "solves": {"solves": True},
        "time": {},
    }[changed]
    if changed == "time":
        IncidentUpdate.objects.update(at=timezone.now() - timedelta(minutes=6))
    incidents.say(incident, **{**said, **other})
    assert IncidentUpdate.objects.count() == 2


def test_declared_twice_it_is_one_and_another_title_or_ticket_is_another(eli):
    ticket = TicketFactory()
    assert declared(by=eli, ticket=ticket) == declared(by=eli, ticket=ticket)
    assert IncidentEvent.objects.filter(kind="declared").count() == 1
    declared(by=eli, ticket=ticket, title={"en": "Logins fail"}), declared(by=eli), declared()
    assert Incident.objects.count() == 4


def test_worker_that_died_leaves_the_row_to_the_sweep(incident, kelp, eli):
    incidents.say(incident, text=WORDS, state=IncidentState.INVESTIGATING, by=acting(eli))
    row = IncidentTelling.objects.get(community=kelp)
    assert claim(IncidentTelling, row.pk) is not None  # and then the worker dies
    perform_due()
    assert not Ticket.objects.filter(community=kelp).exists()
    IncidentTelling.objects.filter(pk=row.pk).update(next_attempt_at=row.next_attempt_at)

    perform_due()

    assert own(incident, kelp).body_text == "Lo estamos mirando"


def test_deciding_costs_the_same_for_two_and_a_hundred_communities(incident, eli):
    def cost():
        words = {"en": f"Update {IncidentUpdate.objects.count()}"}
        with CaptureQueriesContext(connection) as captured:
            incidents.say(incident, text=words, state=IncidentState.INVESTIGATING, by=acting(eli))
        return len(captured)

    cost()
    two = cost()
    for number in range(98):
        a_hub(CommunityFactory(slug=f"c-{number}"), incident.cluster)

    assert cost() == two
    assert IncidentTelling.objects.filter(update=IncidentUpdate.objects.last()).count() == 100


def test_open_for_is_one_query_and_links_only_to_what_the_reader_follows(incident, kelp, eli, django_assert_num_queries):
    rep, plain = member(kelp, Role.REPRESENTATIVE), member(kelp, Role.MEMBER)
    say(incident, eli)
    told = {}
    for who in (rep, plain):
        seen = Ticket.objects.visible_to(acting(who))
        with django_assert_num_queries(1):
            told[who] = incidents.open_for(kelp, may_follow=seen)

    assert [each.ticket for each in told[rep]] == [own(incident, kelp).reference]
    assert [(each.title, each.ticket) for each in told[plain]] == [(TITLE["en"], "")]
    assert incidents.open_for(CommunityFactory()) == []


def test_open_for_shows_the_newest_word_of_each_open_incident(incident, kelp, eli):
    other = declared(by=eli, title={"en": "Logins fail"}, hubs=list(kelp.hubs.all()))
    say(incident, eli)
    say(other, eli, text={"en": "Logins: we look"})
    say(incident, eli, text={"en": "Servers: cause found"}, state=IncidentState.IDENTIFIED)

    told = {each.title: (each.state, each.html.strip()) for each in incidents.open_for(kelp)}

    assert told == {
        TITLE["en"]: ("Cause found", "<p>Servers: cause found</p>"),
        "Logins fail": ("Investigating", "<p>Logins: we look</p>"),
    }


def test_named_in_finds_communities_and_hubs_as_whole_words(kelp, reef):
    a_hub(kelp)

    assert incidents.named_in(["Servers of kelp watch and reef-lab are slow"], [kelp, reef]) == ["Kelp Watch", "reef-lab"]
    assert incidents.named_in(["See kelp-watch.hubs.example"], [kelp])[-1] == "kelp-watch.hubs.example"
    assert incidents.named_in(["The kelpwatchers are slow"], [kelp, reef]) == []


def test_who_may_know_of_an_incident_is_the_same_by_queryset_and_predicate(incident, kelp, eli):
    say(incident, eli)
    other = declared(by=eli)
    people = [eli, member(kelp, Role.MEMBER), member(CommunityFactory()), staff(StaffGroup.REVIEWER)]

    for person in people:
        seen = set(Incident.objects.visible_to(acting(person)))
        assert seen == {each for each in (incident, other) if can_see_incident(acting(person), each)}
    assert [Incident.objects.visible_to(acting(person)).count() for person in people] == [2, 1, 0, 0]


def test_attach_and_detach_are_in_the_timeline_once(incident, eli):
    ticket = TicketFactory()
    incidents.attach(ticket, incident=incident, by=acting(eli)), incidents.attach(ticket, incident=incident, by=acting(eli))
    incidents.detach(ticket, by=acting(eli)), incidents.detach(ticket, by=acting(eli))

    assert list(IncidentEvent.objects.filter(kind="ticket").values_list("text", flat=True)) == [
        f"+ {ticket.reference}",
        f"− {ticket.reference}",
    ]


def test_roles_move_and_end(incident, eli):
    kim = staff(StaffGroup.SUPPORT_AGENT, name="Kim")
    for person in (kim, kim, None, None):
        incidents.give_role(incident, role="communications", to=person, by=acting(eli))

    assert list(incident.events.filter(kind="role").values_list("text", flat=True))[1:] == ["communications: Kim", "communications: —"]


def test_follow_ups_are_done_once_and_can_be_taken_back(incident, eli):
    todo = incidents.add_follow_up(incident, text="Watch the disk", owner=eli, issue_url="https://github.com/a/b/issues/1", by=acting(eli))
    for act in (incidents.finish_follow_up, incidents.finish_follow_up, incidents.reopen_follow_up, incidents.reopen_follow_up):
        act(todo, by=acting(eli))

    lines = list(incident.events.filter(kind="follow_up").values_list("text", flat=True))
    assert lines == ["+ Watch the disk", "✓ Watch the disk", "○ Watch the disk"]


def test_timeline_as_markdown_holds_the_whole_story(incident, eli):
    incidents.note(incident, text="Disk | full\nat 12:04", by=acting(eli))
    incidents.add_follow_up(incident, text="Watch the disk", by=acting(eli))
    say(incident, eli)

    text = incidents.as_markdown(incident)

    rows = [line for line in text.splitlines() if line.startswith("| 2")]
    assert (len(rows), {line.count("|") for line in rows}) == (incident.events.count(), {5})
    parts = ("Lead: Eli Braun", "Disk", "We **look** into it", "- [ ] Watch the disk", "shared-one/kelp-watch")
    assert [part for part in (incident.reference, *parts) if part not in text] == []


def test_rescope_changes_whom_the_next_update_reaches(incident, kelp, reef, eli):
    say(incident, eli)
    wider = incidents.Declaration(title=TITLE, severity="critical", hubs=list(kelp.hubs.all()), is_public=False)
    incidents.rescope(incident, wider, by=acting(eli))
    tickets.solve(own(incident, reef), by=acting(eli))
    Ticket.objects.filter(community=reef).update(incident=None)

    assert (incidents.affected(incident), incident.severity, incident.is_public) == ([kelp], "critical", False)
