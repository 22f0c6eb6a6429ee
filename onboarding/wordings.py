"""Publishing words that an operator edited: hash them and freeze them as the next version."""

import hashlib
import json
from typing import Any

from django.db import transaction
from wagtail.log_actions import log

from ground.actors import Actor
from onboarding.models import Wording, WordingVersion

Texts = dict[str, dict[str, str]]


@transaction.atomic
def publish(wording: Wording, texts: Texts, *, by: Actor) -> WordingVersion:
    """Make these words the ones that count; the same words as an earlier version make that one count again."""
    versions: Any = wording.versions
    type(wording).objects.select_for_update().get(pk=wording.pk)
    sha256 = digest(texts)
    versions.filter(is_current=True).exclude(sha256=sha256).update(is_current=False)
    number = versions.count() + 1
    version, is_new = versions.get_or_create(sha256=sha256, defaults={"number": number, "texts": texts, "published_by": by.user})
    versions.filter(pk=version.pk).update(is_current=True)
    version.is_current = True
    log(wording, "onboarding.publish_words", user=by.user, data={"version": version.number, "new": is_new, "by": by.label})
    found: WordingVersion = version
    return found


def digest(texts: Texts) -> str:
    """The SHA-256 of the words, the same however their keys are ordered."""
    return hashlib.sha256(json.dumps(texts, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def tidy(texts: Texts) -> Texts:
    """The texts without languages that say nothing, and without the line ends of forms."""
    cleaned = {language: {part: words.replace("\r\n", "\n").strip() for part, words in parts.items()} for language, parts in texts.items()}
    return {language: parts for language, parts in cleaned.items() if any(parts.values())}
