"""Words as they are stored and asked for: folded, and without the endings of four languages."""

import functools
import re
import unicodedata
from pathlib import Path

LONGEST_QUERY = 500
LONGEST_WORD = 40
WORD = re.compile(r"[^\W_]+")
ENDINGS = ("ations", "ation", "ciones", "cion", "coes", "ments", "ment", "ings", "ing", "edly", "ies", "es", "ed", "er", "s", "e")
STOP = frozenset((Path(__file__).parent / "stop_words.txt").read_text(encoding="utf-8").split())  # English, Spanish, Portuguese, French
OF_FOUR_LANGUAGES = (
    *(
        "amientos",
        "imientos",
        "amiento",
        "imiento",
        "izaciones",
        "izacion",
        "izacoes",
        "izacao",
        "isations",
        "isation",
        "izations",
        "ization",
    ),
    *(
        "aciones",
        "acion",
        "iciones",
        "icion",
        "acoes",
        "acao",
        "icoes",
        "icao",
        "ations",
        "ation",
        "amentos",
        "amento",
        "imentos",
        "imento",
    ),
    *("ements", "ement", "ments", "ment", "ciones", "cion", "siones", "sion", "coes", "cao", "tions", "tion", "idades", "idade", "idad"),
    *("iendo", "ando", "endo", "indo", "aron", "ieron", "amos", "emos", "imos", "adas", "ados", "idas", "idos", "ada", "ado", "ida", "ido"),
    *(
        "ings",
        "ing",
        "edly",
        "ies",
        "aient",
        "ait",
        "ant",
        "ees",
        "ee",
        "ers",
        "er",
        "ez",
        "ed",
        "es",
        "ar",
        "ir",
        "as",
        "os",
        "ly",
        "s",
        "e",
    ),
)
VOWELS = ("a", "o", "y", "i")
LEAST = 4  # letters that stay
LEAST_BEFORE_VOWEL = 5


def fold(text: str) -> str:
    """Lower case without accents: what is stored and what is asked."""
    decomposed = unicodedata.normalize("NFKD", text.replace("\x00", " "))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).lower()


def words_of(text: str) -> list[str]:
    """The words of a text, folded."""
    return WORD.findall(fold(text))


def stem(word: str) -> str:
    """The word without its common ending, never shorter than four letters."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= LEAST:
            return word.removesuffix(ending)
    return word


@functools.lru_cache(maxsize=50_000)
def root(word: str) -> str:
    """The word without all its common endings, as tickets are found by it: servers, server and serving are one."""
    shorter = stem(word)
    return word if shorter == word else root(shorter)


@functools.lru_cache(maxsize=100_000)
def trunk(word: str) -> str:
    """What a word is found by in the search table: install, installed, instalar, instalação and installation are one."""
    shorter = _without_ending(word)
    if shorter != word:
        return trunk(shorter)
    doubled = len(word) > LEAST and word[-1] == word[-2] and word[-1].isalpha()
    return word[:-1] if doubled else word


def _without_ending(word: str) -> str:
    for ending in OF_FOUR_LANGUAGES:
        if word.endswith(ending) and len(word) - len(ending) >= LEAST and not (ending == "s" and word.endswith("ss")):
            return word.removesuffix(ending)
    if word.endswith(VOWELS) and len(word) > LEAST_BEFORE_VOWEL:
        return word[:-1]
    return word


def trunks_of(text: str) -> list[str]:
    """The telling words of a text as their trunks, in order."""
    return [trunk(word[:LONGEST_WORD]) for word in words_of(text) if word not in STOP]
