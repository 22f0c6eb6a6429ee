"""Two ready-made answers that come with the site, for everybody at the desk, in the languages of the site."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from wagtail.models import ModelLogEntry

from ground.texts import Text, pick
from support.models import Macro, TicketStatus
from support.states import Status


@dataclass(frozen=True)
class Given:
    """One macro as it is first written: its name and words by language, and the status it leaves the ticket in."""

    name: Text
    text: Mapping[str, str]
    status: int


GIVEN = (
    Given(
        {
            "en": "Restart your server",
            "es": "Reinicie su servidor",
            "pt": "Reinicie o seu servidor",
            "fr": "Redémarrer son serveur",
        },
        {
            "en": "Hello {{requester.first_name}},\n\nPlease restart your server: choose File → Hub Control Panel → Stop My Server, "
            "then Start My Server. Your files stay as they are.\n\nDoes it work then? If not, tell us what you see.\n\n{{agent.name}}",
            "es": "Hola, {{requester.first_name}}:\n\nPor favor, reinicie su servidor: elija File → Hub Control Panel → Stop My Server y "
            "después Start My Server. Sus archivos quedan como están.\n\n¿Funciona así? Si no, cuéntenos qué ve.\n\n{{agent.name}}",
            "pt": "Olá, {{requester.first_name}},\n\nPor favor, reinicie o seu servidor: escolha File → Hub Control Panel → Stop My Server e "
            "depois Start My Server. Os seus ficheiros ficam como estão.\n\nFunciona assim? Se não, diga-nos o que vê.\n\n{{agent.name}}",
            "fr": "Bonjour {{requester.first_name}},\n\nVeuillez redémarrer votre serveur : choisissez File → Hub Control Panel → Stop My "
            "Server, puis Start My Server. Vos fichiers restent tels quels.\n\nCela fonctionne-t-il ensuite ? Sinon, dites-nous ce que vous "
            "voyez.\n\n{{agent.name}}",
        },
        Status.WAITING_ON_REQUESTER,
    ),
    Given(
        {
            "en": "Solved, tell us otherwise",
            "es": "Resuelto, salvo que nos diga lo contrario",
            "pt": "Resolvido, salvo se nos disser o contrário",
            "fr": "Résolu, sauf avis contraire",
        },
        {
            "en": "Hello {{requester.first_name}},\n\nWe take this as solved. If something is still not right, just answer and it is open "
            "again.\n\n{{agent.name}}",
            "es": "Hola, {{requester.first_name}}:\n\nDamos esto por resuelto. Si algo sigue sin estar bien, responda y se abre de "
            "nuevo.\n\n{{agent.name}}",
            "pt": "Olá, {{requester.first_name}},\n\nDamos isto por resolvido. Se algo ainda não estiver bem, responda e volta a ficar "
            "aberto.\n\n{{agent.name}}",
            "fr": "Bonjour {{requester.first_name}},\n\nNous considérons cela comme résolu. Si quelque chose ne va toujours pas, répondez et "
            "la demande est rouverte.\n\n{{agent.name}}",
        },
        Status.SOLVED,
    ),
)


def ensure() -> None:
    """Written once: a desk that has shared macros, or ever wrote or removed a macro, keeps its own."""
    if (
        Macro.objects.filter(owner=None).exists()
        or ModelLogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Macro)).exists()
    ):
        return
    statuses = TicketStatus.objects.in_bulk([each.status for each in GIVEN])
    Macro.objects.bulk_create(
        Macro(name=pick(each.name, settings.LANGUAGE_CODE), text=dict(each.text), status=statuses[each.status]) for each in GIVEN
    )
