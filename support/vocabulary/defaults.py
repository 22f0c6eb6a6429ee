"""The words that a new site starts with: Freshdesk's own statuses, priorities and types, and what they are here."""

from dataclasses import dataclass

from ground.texts import Text
from support.states import Kind, Priority, Status, StatusGroup


@dataclass(frozen=True)
class DefaultStatus:
    """One row of the table of statuses."""

    code: int
    group: StatusGroup
    word: Text
    customer_word: Text


DEFAULT_STATUSES = (
    DefaultStatus(
        Status.OPEN,
        StatusGroup.OPEN,
        {"en": "Open", "es": "Abierto", "pt": "Aberto", "fr": "Ouvert"},
        {"en": "We are looking at it", "es": "Lo estamos viendo", "pt": "Estamos analisando", "fr": "Nous nous en occupons"},
    ),
    DefaultStatus(
        Status.PENDING,
        StatusGroup.WAITING,
        {"en": "Pending", "es": "Pendiente", "pt": "Pendente", "fr": "En attente"},
        {"en": "We are working on it", "es": "Estamos trabajando en ello", "pt": "Estamos trabalhando nisso", "fr": "Nous y travaillons"},
    ),
    DefaultStatus(
        Status.SOLVED,
        StatusGroup.SOLVED,
        {"en": "Solved", "es": "Resuelto", "pt": "Resolvido", "fr": "Résolu"},
        {"en": "Solved", "es": "Resuelto", "pt": "Resolvido", "fr": "Résolu"},
    ),
    DefaultStatus(
        Status.CLOSED,
        StatusGroup.CLOSED,
        {"en": "Closed", "es": "Cerrado", "pt": "Fechado", "fr": "Fermé"},
        {"en": "Closed", "es": "Cerrado", "pt": "Fechado", "fr": "Fermé"},
    ),
    DefaultStatus(
        Status.WAITING_ON_REQUESTER,
        StatusGroup.WAITING,
        {
            "en": "Waiting on the community",
            "es": "Esperando a la comunidad",
            "pt": "Aguardando a comunidade",
            "fr": "En attente de la communauté",
        },
        {
            "en": "We need an answer from you",
            "es": "Necesitamos su respuesta",
            "pt": "Precisamos da sua resposta",
            "fr": "Nous attendons votre réponse",
        },
    ),
    DefaultStatus(
        Status.WAITING_ON_THIRD_PARTY,
        StatusGroup.WAITING,
        {"en": "Waiting on somebody else", "es": "Esperando a un tercero", "pt": "Aguardando um terceiro", "fr": "En attente d’un tiers"},
        {
            "en": "We are waiting for somebody else",
            "es": "Estamos esperando a un tercero",
            "pt": "Estamos aguardando um terceiro",
            "fr": "Nous attendons un tiers",
        },
    ),
)


DEFAULT_PRIORITIES: tuple[tuple[int, Text], ...] = (
    (Priority.LOW, {"en": "Low", "es": "Baja", "pt": "Baixa", "fr": "Basse"}),
    (Priority.MEDIUM, {"en": "Medium", "es": "Media", "pt": "Média", "fr": "Moyenne"}),
    (Priority.HIGH, {"en": "High", "es": "Alta", "pt": "Alta", "fr": "Haute"}),
    (Priority.URGENT, {"en": "Urgent", "es": "Urgente", "pt": "Urgente", "fr": "Urgente"}),
)


@dataclass(frozen=True)
class DefaultType:
    """A type of Freshdesk's and the kind it is here; the said one is how that kind is told to Freshdesk."""

    word: str
    kind: Kind
    is_said: bool = True


DEFAULT_TYPES = (
    DefaultType("Incident", Kind.INCIDENT),
    DefaultType("Problem", Kind.INCIDENT, is_said=False),
    DefaultType("Feature Request", Kind.CHANGE),
    DefaultType("Service Request", Kind.CHANGE, is_said=False),
    DefaultType("Change", Kind.CHANGE, is_said=False),
    DefaultType("Question", Kind.GUIDANCE),
    DefaultType("Event", Kind.EVENT),
    DefaultType("Other", Kind.OTHER),
)
