"""Two checklists that come with the site, in its language: for what is broken, and for an event that is coming."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from wagtail.models import ModelLogEntry

from ground.texts import Text, pick
from support.models import ChecklistTemplate
from support.states import Kind


@dataclass(frozen=True)
class Given:
    """One checklist as it is first written: its name and lines by language."""

    kind: Kind
    name: Text
    lines: Mapping[str, Sequence[str]]


GIVEN = (
    Given(
        Kind.INCIDENT,
        {
            "en": "Something is broken",
            "es": "Algo no funciona",
            "pt": "Algo não funciona",
            "fr": "Quelque chose ne fonctionne pas",
        },
        {
            "en": (
                "Try it yourself: does it happen to you too?",
                "Look whether other communities are affected",
                "Declare an incident if more than one person cannot work",
                "Tell who asked what you know, and when they hear from you again",
                "Write down what mended it",
            ),
            "es": (
                "Pruébelo: ¿le ocurre también a usted?",
                "Mire si afecta a otras comunidades",
                "Declare un incidente si más de una persona no puede trabajar",
                "Diga a quien preguntó lo que sabe y cuándo tendrá noticias",
                "Anote qué lo resolvió",
            ),
            "pt": (
                "Experimente: acontece também consigo?",
                "Veja se outras comunidades são afetadas",
                "Declare um incidente se mais de uma pessoa não puder trabalhar",
                "Diga a quem perguntou o que sabe e quando terá notícias",
                "Anote o que o resolveu",
            ),
            "fr": (
                "Essayez : cela vous arrive-t-il aussi ?",
                "Regardez si d’autres communautés sont touchées",
                "Déclarez un incident si plusieurs personnes ne peuvent pas travailler",
                "Dites à qui a demandé ce que vous savez, et quand vous redonnerez des nouvelles",
                "Notez ce qui l’a réparé",
            ),
        },
    ),
    Given(
        Kind.EVENT,
        {"en": "An event is coming", "es": "Se acerca un evento", "pt": "Vem aí um evento", "fr": "Un événement approche"},
        {
            "en": (
                "Ask for the days, the hours and the time zone",
                "Ask how many people come at once, and what each of them needs",
                "Settle memory, processors and the image",
                "Make places ready before the first hour",
                "Give the organisers somebody to write to while it lasts",
                "Take it all back when the event is over",
            ),
            "es": (
                "Pregunte los días, las horas y la zona horaria",
                "Pregunte cuántas personas entran a la vez y qué necesita cada una",
                "Acuerde memoria, procesadores e imagen",
                "Prepare los lugares antes de la primera hora",
                "Diga a quién escribir mientras dure",
                "Retire todo cuando termine el evento",
            ),
            "pt": (
                "Pergunte os dias, as horas e o fuso horário",
                "Pergunte quantas pessoas entram ao mesmo tempo e o que cada uma precisa",
                "Combine memória, processadores e imagem",
                "Prepare os lugares antes da primeira hora",
                "Diga a quem escrever enquanto durar",
                "Retire tudo quando o evento terminar",
            ),
            "fr": (
                "Demandez les jours, les heures et le fuseau horaire",
                "Demandez combien de personnes viennent à la fois et ce qu’il faut à chacune",
                "Convenez de la mémoire, des processeurs et de l’image",
                "Préparez les places avant la première heure",
                "Dites à qui écrire pendant l’événement",
                "Retirez le tout quand l’événement est fini",
            ),
        },
    ),
)


def ensure() -> None:
    """Written once: a desk that has checklists, or ever wrote or removed one, keeps its own."""
    if (
        ChecklistTemplate.objects.exists()
        or ModelLogEntry.objects.filter(content_type=ContentType.objects.get_for_model(ChecklistTemplate)).exists()
    ):
        return
    ChecklistTemplate.objects.bulk_create(
        ChecklistTemplate(name=pick(each.name, settings.LANGUAGE_CODE), kind=each.kind, lines="\n".join(_lines(each))) for each in GIVEN
    )


def _lines(given: Given) -> Sequence[str]:
    return given.lines.get(settings.LANGUAGE_CODE.split("-")[0], given.lines["en"])
