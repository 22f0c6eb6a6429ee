"""How alike two applications are: the same website, the same organisation's mail in the same country, nearly the same name.

The rules are shared/reference/intake.md §4.2. Written here, so that both databases find the same. Nothing here knows one.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

ALIKE = 0.6
COMMON_PROVIDERS = frozenset(
    """126.com 163.com aol.com fastmail.com free.fr gmail.com gmx.com gmx.de gmx.net googlemail.com hotmail.com hotmail.es hotmail.fr
    icloud.com laposte.net libero.it live.com mac.com mail.com mail.ru me.com msn.com naver.com orange.fr outlook.com outlook.es
    outlook.fr pm.me posteo.de proton.me protonmail.com qq.com rediffmail.com rocketmail.com sapo.pt terra.com.br t-online.de tutanota.com
    uol.com.br wanadoo.fr web.de yahoo.com yahoo.com.ar yahoo.com.br yahoo.com.mx yahoo.es yahoo.fr yandex.com yandex.ru ymail.com
    zoho.com""".split()  # noqa: SIM905  one long list, easier to read and to add to as words
)
"""Whoever shares one of these shares nothing."""
SHARED_HOSTS = frozenset({"github.com", "gitlab.com", "facebook.com", "linkedin.com", "sites.google.com", "wordpress.com", "x.com"})


class Likeness(TextChoices):
    WEBSITE = "website", _("the same website")
    MAIL = "mail", _("the same e-mail domain and country")
    NAME = "name", _("nearly the same name")


@dataclass(frozen=True)
class Facts:
    """What an application is compared by."""

    name: str
    website: str = ""
    email: str = ""
    country: str = ""

    @cached_property
    def host(self) -> str:
        return host_of(self.website)

    @cached_property
    def domain(self) -> str:
        return domain_of(self.email)

    @cached_property
    def trigrams(self) -> frozenset[str]:
        return trigrams(self.name)


@dataclass(frozen=True)
class Alike:
    """Why two applications may be the same wish, and how alike their names are, from 0 to 1."""

    reasons: Sequence[Likeness]
    score: float


def compare(one: Facts, other: Facts) -> Alike | None:
    """None when nothing speaks for the two being one."""
    score = overlap(one.trigrams, other.trigrams)
    speaks = {
        Likeness.WEBSITE: one.host != "" and one.host == other.host,
        Likeness.MAIL: one.domain != "" and one.country != "" and (one.domain, one.country) == (other.domain, other.country),
        Likeness.NAME: score >= ALIKE,
    }
    reasons = [reason for reason, holds in speaks.items() if holds]
    return Alike(reasons, score) if reasons else None


def host_of(website: str) -> str:
    """The site's host without `www.`; nothing for a host that many share."""
    try:
        host = (urlsplit(website if "//" in website else f"//{website}").hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    return "" if host in SHARED_HOSTS or "." not in host else host


def domain_of(email: str) -> str:
    """The organisation's domain of an address; nothing for a provider that anybody may use."""
    _person, at, domain = email.strip().lower().rpartition("@")
    return domain if at and domain not in COMMON_PROVIDERS else ""


def similarity(one: str, other: str) -> float:
    """How many of the two texts' trigrams they share, from 0 to 1, as pg_trgm counts them."""
    return overlap(trigrams(one), trigrams(other))


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0


def trigrams(text: str) -> frozenset[str]:
    """Three letters at a time of each word, with its edges; accents and capitals do not count."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(letter))
    padded = (f"  {word} " for word in re.findall(r"\w+", plain))
    return frozenset(word[start : start + 3] for word in padded for start in range(len(word) - 2))
