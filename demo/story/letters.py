"""What the story's communities ask, and how far each question has come."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from communities.models import Community, User
from communities.states import Party
from demo.story.joining import Cast, representative
from demo.story.passing import let_pass
from ground.actors import Actor
from ground.sweep import perform_due
from hubs.models import Hub
from support import escalating, replies, tickets, triage
from support.asking import rating
from support.models import ChecklistTemplate, Contact, IssueTarget, Ticket, TicketStatus
from support.relations import merging, relating
from support.states import Face, Kind, Priority, Status, Topic
from support.working import checklists, snoozing, spending


def write(glaciares: Community, lagos: Community, cast: Cast) -> None:
    """A desk in the middle of its week."""
    for_triage(glaciares, lagos)
    perform_due()
    for told in (answered, waits_for_them, escalated, confidential):
        told(glaciares, cast)
    for told in (due_soon, overdue, snoozed, merged, in_parts, rated):
        told(lagos, cast)
    waits_for_approval(glaciares)
    perform_due()


def for_triage(glaciares: Community, lagos: Community) -> None:
    """Four that nobody has looked at: in Spanish, in English, and in French by mail from somebody who has no community yet."""
    ask(
        glaciares,
        "El servidor se cierra al abrir el cuaderno de altimetría",
        "Desde ayer, al abrir `altimetria.ipynb`, el servidor se reinicia y pierdo lo que tenía abierto. A Killa le pasa lo mismo.",
        by=person(glaciares, "luis@glaciares.example.org"),
        hub=Hub.objects.filter(community=glaciares).first(),
        ago=0.7,
    )
    ask(
        glaciares,
        "¿Podemos invitar a la universidad vecina?",
        "Ocho colegas de la universidad de al lado quieren trabajar con nosotros en los mismos datos. ¿Qué tenemos que hacer?",
        by=representative(glaciares),
        ago=3,
    )
    ask(
        lagos,
        "Can we have R 4.5 on the hub?",
        "Two of our courses moved to R 4.5 and the packages no longer install on 4.3. We teach again on Monday week.",
        by=person(lagos, "tunde@opendata.example.ng"),
        ago=2,
    )
    asks, _is_new = Contact.objects.get_or_create(email="aissatou@mangroves.example.sn", defaults={"name": "Aïssatou Diop"})
    mailed = tickets.open_mailed(
        None,
        subject="Où en est notre demande ?",
        body_html="<p>Bonjour, nous avons envoyé notre demande pour les mangroves. Savez-vous quand nous aurons une réponse ?</p>",
        by=Actor.mail(asks.name),
        opening=tickets.Opening(requester=asks),
    )
    let_pass(mailed, hours=1.2)


def answered(community: Community, cast: Cast) -> None:
    """A question is asked, triaged by the matrix, answered, and asked on."""
    ticket = ask(
        community,
        "¿Cómo agregamos a quince estudiantes nuevos?",
        "Empiezan el lunes. Todos tienen cuenta de GitHub, pero ninguno está en nuestra organización.",
        by=representative(community),
        ago=20,
    )
    triage.triage(ticket, kind=Kind.GUIDANCE, impact="some", responsible=Party.COMMUNITY, assignee=cast.sam.user, by=cast.sam)
    say(ticket, "Basta con invitarlos al equipo de GitHub que usa su hub; no hace falta nada de nuestra parte.", by=cast.sam)
    spending.add(ticket, minutes=25, note="Looked at the team on GitHub", by=cast.sam)
    let_pass(ticket, hours=4)
    ticket.refresh_from_db()
    replies.add_incoming(ticket, body="Perfecto, muchas gracias. ¿Y si alguien no tiene cuenta todavía?", by=representative(community))


def waits_for_them(community: Community, cast: Cast) -> None:
    """We asked back and wait."""
    ticket = ask(
        community,
        "El cuaderno de nieve no encuentra sus datos",
        "El cuaderno dice `FileNotFoundError` desde que cambiamos de carpeta.",
        by=person(community, "luis@glaciares.example.org"),
        ago=48,
    )
    triage.triage(ticket, kind=Kind.GUIDANCE, impact="one", responsible=Party.COMMUNITY, assignee=cast.sam.user, by=cast.sam)
    say(
        ticket,
        "¿Nos dice en qué carpeta están ahora los datos, y desde cuál abre el cuaderno?",
        by=cast.sam,
        status=Status.WAITING_ON_REQUESTER,
    )
    spending.add(ticket, minutes=40, note="Tried the notebook", by=cast.sam)
    let_pass(ticket, hours=26)


def escalated(community: Community, cast: Cast) -> None:
    """What the image lacks became an issue on GitHub."""
    ticket = ask(
        community,
        "Falta netcdf4 en la imagen del hub",
        "`import netCDF4` falla en el hub desde la última actualización. Lo necesitamos para el curso de fin de mes.",
        by=representative(community),
        hub=Hub.objects.filter(community=community).first(),
        ago=30,
    )
    triage.triage(ticket, kind=Kind.CHANGE, impact="hub", responsible=Party.PROVIDER, assignee=cast.eli.user, by=cast.sam)
    say(ticket, "Lo estamos añadiendo a la imagen; le avisamos en cuanto esté.", by=cast.eli)
    spending.add(ticket, minutes=420, note="Built and tried the image", by=cast.eli)
    target = IssueTarget.objects.get(repository="example-hubs/infrastructure")
    status = TicketStatus.objects.get(code=Status.WAITING_ON_THIRD_PARTY)
    ticket.refresh_from_db()
    escalating.escalate(ticket, target=target, draft=escalating.draft(ticket, target), status=status, by=cast.eli)
    perform_due()
    let_pass(ticket, hours=6)


def confidential(community: Community, cast: Cast) -> None:
    """Something only the asker, one named person and the desk read."""
    ticket = ask(
        community,
        "Una cuenta puede estar en manos ajenas",
        "Vimos entradas desde un país donde no tenemos a nadie. Preferimos que no lo lea todo el equipo.",
        by=representative(community),
        confidential=True,
        ago=5,
    )
    triage.triage(ticket, kind=Kind.INCIDENT, impact="one", responsible=Party.SHARED, assignee=cast.eli.user, by=cast.sam)
    tickets.update(ticket, by=cast.sam, priority=Priority.MEDIUM)
    replies.note(ticket, body="Signed the account out everywhere. The logs of the last week are kept.", by=cast.eli)


def waits_for_approval(community: Community) -> None:
    """A member asks for what a representative decides."""
    ask(
        community,
        "¿Me pueden dar más memoria?",
        "Con 8 GB no puedo abrir la serie completa de imágenes.",
        by=person(community, "killa@glaciares.example.org"),
        topic=Topic.QUOTA,
        ago=7,
    )


def due_soon(community: Community, cast: Cast) -> None:
    """A promised time comes near."""
    ticket = ask(
        community,
        "Students see “Spawn failed” since this morning",
        "About half of the class cannot start a server. The others work as usual. We teach until four.",
        by=representative(community),
        ago=3.4,
    )
    triage.triage(ticket, kind=Kind.INCIDENT, impact="some", responsible=Party.PROVIDER, assignee=cast.sam.user, by=cast.sam)
    tickets.update(ticket, by=cast.sam, priority=Priority.HIGH)


def overdue(community: Community, cast: Cast) -> None:
    """A promised time has passed."""
    ticket = ask(
        community,
        "Please make our course folder larger",
        "The shared folder is full and new exercises cannot be copied to it. Twice the size would be enough for this term.",
        by=person(community, "tunde@opendata.example.ng"),
        ago=30,
    )
    triage.triage(ticket, kind=Kind.CHANGE, impact="some", responsible=Party.PROVIDER, assignee=cast.eli.user, by=cast.sam)
    tickets.update(ticket, by=cast.sam, priority=Priority.MEDIUM)


def snoozed(community: Community, cast: Cast) -> None:
    """Nothing to do before next week."""
    ticket = ask(
        community,
        "A course in spring: ninety people at once",
        "We plan a week-long course for ninety people. What do you need to know from us, and until when?",
        by=representative(community),
        ago=60,
    )
    triage.triage(ticket, kind=Kind.EVENT, impact="many", responsible=Party.SHARED, assignee=cast.sam.user, by=cast.sam)
    say(ticket, "Good news. Send us the days and hours two weeks before it begins; we come back to you next week.", by=cast.sam)
    for template in ChecklistTemplate.objects.filter(kind=Kind.EVENT):
        checklists.use(template, on=ticket)
    for item in ticket.checklist.all()[:2]:
        checklists.tick(item, by=cast.sam)
    let_pass(ticket, hours=20)
    snoozing.snooze(ticket, until=timezone.now() + timedelta(days=6), by=cast.sam)


def merged(community: Community, cast: Cast) -> None:
    """Two people of one community ask about the same thing."""
    words = "Opening a notebook takes more than a minute today. Yesterday it took seconds."
    first = ask(community, "The hub is very slow", words, by=representative(community), ago=6)
    again = ask(
        community, "Notebooks open slowly", "Is it us, or is the hub slow?", by=person(community, "tunde@opendata.example.ng"), ago=5
    )
    triage.triage(first, kind=Kind.INCIDENT, impact="some", responsible=Party.PROVIDER, assignee=cast.eli.user, by=cast.sam)
    say(first, "We see it too, and are looking into it. You hear from us within the hour.", by=cast.eli)
    again.refresh_from_db()
    merging.merge(again, into=first, by=cast.sam)


def in_parts(community: Community, cast: Cast) -> None:
    """One question whose parts are worked on apart."""
    ticket = ask(
        community,
        "Get the hub ready for the data school",
        "Thirty people for five days. We need places for all of them, and the new exercises in everybody’s folder.",
        by=representative(community),
        ago=16,
    )
    triage.triage(ticket, kind=Kind.EVENT, impact="hub", responsible=Party.SHARED, assignee=cast.sam.user, by=cast.sam)
    say(ticket, "We split this in two and keep you posted here.", by=cast.sam)
    ticket.refresh_from_db()
    places = relating.make_child(ticket, subject="Places for thirty people", body="Five days, all at once.", by=cast.sam)
    relating.make_child(ticket, subject="Exercises in everybody’s folder", body="From the school’s repository.", by=cast.sam)
    tickets.solve(places, by=cast.eli)


def rated(community: Community, cast: Cast) -> None:
    """Solved, and the asker said how it was."""
    ngozi = representative(community)
    ticket = ask(community, "How do we share one notebook with a class?", "Everybody should get a copy of their own.", by=ngozi, ago=50)
    triage.triage(ticket, kind=Kind.GUIDANCE, impact="some", responsible=Party.COMMUNITY, assignee=cast.sam.user, by=cast.sam)
    say(ticket, "Give them an nbgitpuller link: it puts a copy into each person’s own folder.", by=cast.sam, status=Status.SOLVED)
    let_pass(ticket, hours=30)
    rating.rate(ticket, face=Face.GOOD, feedback="Quick and clear. Thank you.", by=ngozi)


def ask(community: Community, subject: str, body: str, *, by: Actor, ago: float, **more: Any) -> Ticket:
    """Somebody asked that many hours ago."""
    return let_pass(tickets.open_ticket(community, subject=subject, body=body, by=by, **more), hours=ago)


def say(ticket: Ticket, body: str, *, by: Actor, status: int | None = None) -> None:
    """We answer."""
    ticket.refresh_from_db()
    replies.reply(ticket, body=body, by=by, status=TicketStatus.objects.get(code=status) if status else None)
    ticket.refresh_from_db()


def person(community: Community, email: str) -> Actor:
    """Somebody of the community."""
    return Actor.person(User.objects.filter(memberships__community=community).distinct().get(email=email))
