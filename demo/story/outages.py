"""Two incidents: one that goes on and is told to two communities, and one of last week."""

from communities.models import Community
from demo.story.joining import Cast
from demo.story.passing import let_pass_since
from ground.sweep import perform_due
from hubs.models import Hub
from support.incidents import declaring, duties, updating
from support.incidents.declaring import Declaration
from support.models import Incident, StatusComponent, Ticket
from support.states import IncidentRole, IncidentState, Severity

STARTING = {
    "en": "Servers start slowly or not at all",
    "es": "Los servidores arrancan despacio o no arrancan",
    "fr": "Les serveurs démarrent lentement ou pas du tout",
}
LOOKING = {
    "en": "Some people cannot start a server. We are looking for the cause. Work that is open is not affected.",
    "es": "Algunas personas no pueden iniciar un servidor. Buscamos la causa. El trabajo abierto no se ve afectado.",
    "fr": "Certaines personnes ne peuvent pas démarrer de serveur. Nous cherchons la cause. Le travail ouvert n’est pas touché.",
}
FOUND = {
    "en": "The machines that start servers were full. We are adding more; this takes about half an hour.",
    "es": "Las máquinas que inician servidores estaban llenas. Estamos añadiendo más; tardará media hora.",
    "fr": "Les machines qui démarrent les serveurs étaient pleines. Nous en ajoutons ; cela prend une demi-heure.",
}
SIGNING = {"en": "Signing in failed now and then", "es": "El inicio de sesión fallaba a ratos", "fr": "La connexion échouait par moments"}
MENDED = {
    "en": "A certificate had run out. It is renewed, and everybody can sign in.",
    "es": "Un certificado había vencido. Está renovado y todo el mundo puede entrar.",
    "fr": "Un certificat avait expiré. Il est renouvelé et tout le monde peut se connecter.",
}


def happen(glaciares: Community, cast: Cast) -> None:
    """The one that is over first."""
    signing_in(glaciares, cast)
    starting(glaciares, cast)
    perform_due()


def starting(glaciares: Community, cast: Cast) -> Incident:
    """Declared from a ticket of one community, and of the hub of another."""
    ticket = Ticket.objects.get(subject="The hub is very slow")
    declaration = Declaration(
        title=STARTING,
        summary="The pool of user nodes is at its limit since 09:10.",
        severity=Severity.MAJOR,
        hubs=list(Hub.objects.filter(community=glaciares)),
        components=list(StatusComponent.objects.filter(name="Hubs")),
    )
    incident = declaring.declare(declaration, ticket=ticket, by=cast.eli)
    duties.give_role(incident, role=IncidentRole.COMMUNICATIONS, to=cast.sam.user, by=cast.eli)
    updating.say(incident, text=LOOKING, state=IncidentState.INVESTIGATING, by=cast.sam)
    perform_due()
    incident = let_pass_since(incident, hours=0.5)
    updating.say(incident, text=FOUND, state=IncidentState.IDENTIFIED, by=cast.sam)
    return incident


def signing_in(glaciares: Community, cast: Cast) -> Incident:
    """Of last week, with something left to do."""
    declaration = Declaration(
        title=SIGNING,
        severity=Severity.MINOR,
        hubs=list(Hub.objects.filter(community=glaciares)),
        components=list(StatusComponent.objects.filter(name="Signing in")),
    )
    incident = declaring.declare(declaration, by=cast.eli)
    incident = let_pass_since(incident, hours=1.5)
    updating.say(incident, text=MENDED, state=IncidentState.RESOLVED, solves=True, by=cast.eli)
    duties.add_follow_up(incident, text="Watch when certificates run out", owner=cast.eli.user, by=cast.eli)
    return let_pass_since(incident, hours=150)
