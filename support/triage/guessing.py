"""What a ticket is likely about and how many it concerns, by words that people use for it: a pure rule whose reasons are shown."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from support.states import Impact, Kind

KIND_STEMS: Mapping[str, Sequence[str]] = {
    Kind.EVENT: (
        "workshop", "hackathon", "event", "bootcamp", "tutorial", "summer school", "attendees", "participants", "exam",
        "taller", "evento", "curso de", "asistentes", "oficina", "evento", "participantes", "atelier", "evenement", "participants",
    ),
    Kind.INCIDENT: (
        "error", "fail", "cannot", "can not", "can't", "broken", "crash", "down", "outage", "timeout", "timed out", "stuck", "unable", "502", "503", "504",
        "does not start", "doesn't start", "not working", "lost",
        "no funciona", "no arranca", "falla", "caido", "no puedo", "no podemos", "no pueden", "nao funciona", "nao inicia", "falha", "nao consigo", "travado",
        "ne fonctionne", "ne demarre", "erreur", "panne", "impossible", "plante",
    ),
    Kind.CHANGE: (
        "add a package", "add the package", "install", "new image", "update the image", "upgrade", "more memory", "increase", "add user", "as admin", "remove",
        "quota", "enable", "gpu", "change the", "agregar", "anadir", "instalar", "actualizar", "mas memoria", "adicionar", "atualizar", "mais memoria",
        "ajouter", "installer", "mettre a jour", "plus de memoire",
    ),
    Kind.GUIDANCE: (
        "how do", "how can", "how to", "what is", "where is", "is it possible", "question", "documentation", "recommend", "best way",
        "como puedo", "como se", "donde", "es posible", "pregunta", "como faco", "onde", "e possivel", "duvida", "comment", "ou est", "est-il possible",
    ),
}  # fmt: skip
IMPACT_STEMS: Mapping[str, Sequence[str]] = {
    Impact.MANY: ("all communities", "other hubs", "several hubs", "todas las comunidades", "todas as comunidades", "toutes les communautes"),
    Impact.HUB: (
        "everybody", "everyone", "nobody", "no one", "all users", "all students", "whole class", "hub is down",
        "todos", "nadie", "todo el mundo", "ninguem", "toda a turma", "tout le monde", "personne ne", "tous les",
    ),
    Impact.SOME: (
        "students", "users", "participants", "several", "some of", "my team", "colleagues", "class", "we ", "us ",
        "estudiantes", "alumnos", "varios", "equipo", "alunos", "varias", "equipe", "etudiants", "plusieurs", "nous ",
    ),
}  # fmt: skip
PLAIN = re.compile(r"[^\w'-]+")


@dataclass(frozen=True)
class Guess:
    """A likely choice, and the words of the ticket that speak for it."""

    value: str = ""
    because: tuple[str, ...] = ()


def kind_of(text: str) -> Guess:
    """The kind that most of its words speak for; of two, the one named first in the table. Nothing where none does."""
    return _most_spoken_for(KIND_STEMS, _plain(text))


def impact_of(text: str) -> Guess:
    """The widest impact that any word speaks for; one person where none does."""
    plain = _plain(text)
    for impact, stems in IMPACT_STEMS.items():
        if because := _found(stems, plain):
            return Guess(impact, because)
    return Guess(Impact.ONE)


def _most_spoken_for(table: Mapping[str, Sequence[str]], plain: str) -> Guess:
    guesses = [Guess(value, _found(stems, plain)) for value, stems in table.items()]
    best = max(guesses, key=lambda guess: len(guess.because))
    return best if best.because else Guess()


def _found(stems: Sequence[str], plain: str) -> tuple[str, ...]:
    found = list(dict.fromkeys(stem.strip() for stem in stems if f" {stem}" in plain))
    return tuple(stem for stem in found if not any(stem != longer and longer.startswith(stem) for longer in found))


def _plain(text: str) -> str:
    """The words in lower case without accents, each behind one blank."""
    decomposed = unicodedata.normalize("NFKD", text[:20_000].replace("’", "'"))
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter)).lower()
    return f" {PLAIN.sub(' ', letters)} "
