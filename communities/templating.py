"""From an operator's draft to a published template, and from there, row by row, into a community's matrix."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from communities import differences, emails, matrix, matrix_rows, telling
from communities.access import EDIT_MATRIX, PROPOSE_MATRIX, PUBLISH_TEMPLATE
from communities.matrix import NotYours
from communities.models import Community, MatrixRow, MatrixTemplate, MatrixTemplateVersion, Programme, ResponsibilityMatrix, User
from communities.states import MatrixKind, Side
from ground.actors import Actor
from ground.texts import pick

Areas = list[dict[str, Any]]
WORDS = ("area", "area_key", "text", "role", "topics", "articles")  # of a row, as opposed to what the two sides agree on


@dataclass(frozen=True)
class RowNews:
    """One row of the template that is new, changed or gone, and which of its parts changed."""

    key: str
    what: str
    text: dict[str, str]
    fields: Sequence[str] = ()


class Unsound(Exception):
    """The draft cannot be published; `problems` says why, one sentence each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@transaction.atomic
def publish(template: MatrixTemplate, *, by: Actor) -> MatrixTemplateVersion:
    """Freeze the draft as the next version; matrices that exist keep theirs. Raises `NotYours` and `Unsound`."""
    if not PUBLISH_TEMPLATE.is_held_by(by):
        raise NotYours(_("Only operators publish the template."))
    Programme.objects.select_for_update().get(pk=template.programme_id)
    areas = compiled(template)
    found = problems(areas, before=current_areas(template.programme))
    if found:
        raise Unsound(found)
    version = freeze(template.programme, areas, user=by.user)
    log(template, "communities.publish_matrix_template", user=by.user, data={"number": version.number, "by": by.label})
    return version


def freeze(programme: Programme, areas: Areas, *, user: User | None = None) -> MatrixTemplateVersion:
    """Keep these areas as the programme's next version."""
    versions = MatrixTemplateVersion.objects.filter(programme=programme)
    number = versions.count() + 1
    versions.update(is_current=False)
    return MatrixTemplateVersion.objects.create(
        programme=programme, number=number, areas=areas, sha256=digest(areas), is_current=True, published_by=user
    )


def digest(areas: Areas) -> str:
    return hashlib.sha256(json.dumps(areas, sort_keys=True).encode()).hexdigest()


def current_areas(programme: Programme) -> Areas:
    """What is published now."""
    version = MatrixTemplateVersion.objects.filter(programme=programme, is_current=True).first()
    return list(version.areas) if version else []


def compiled(template: MatrixTemplate) -> Areas:
    """The draft as plain data: texts by language without the empty ones."""
    return [_area(block.value) for block in template.areas]


def problems(areas: Areas, *, before: Areas) -> list[str]:
    """What keeps it from being published."""
    keys = [row["key"] for area in areas for row in area["rows"]]
    area_keys = [area["key"] for area in areas]
    return [
        *([] if keys else [_("It has no rows yet.")]),
        *(_("The key “%(key)s” is used twice.") % {"key": key} for key in _twice(keys)),
        *(_("The area “%(key)s” is there twice.") % {"key": key} for key in _twice(area_keys)),
        *(_("“%(key)s” has no text in English.") % {"key": key} for key in keys_without_english(areas)),
        *(_("The key “%(key)s” needs a dot, as in day.accounts.") % {"key": key} for key in keys if "." not in key),
        *([_("It says what is published already.")] if areas and areas == _whole(before) else []),
    ]


def keys_without_english(areas: Areas) -> list[str]:
    return [part["key"] for part, text in texts(areas) if not text.get("en")]


def untranslated(areas: Areas) -> list[tuple[str, str, list[str]]]:
    """(key, English text, names of the languages it lacks) of every text that lacks one. It may be published so; readers get English."""
    lacking = [
        (part["key"], text.get("en", ""), [str(name) for code, name in settings.LANGUAGES if not text.get(code)])
        for part, text in texts(areas)
    ]
    return [each for each in lacking if each[2]]


def rows_changed(before: Areas, after: Areas) -> list[RowNews]:
    """What publishing would change, row by row."""
    earlier, later = _by_key(before), _by_key(after)
    both = [RowNews(key, "changed", row["text"], _names(earlier[key], row)) for key, row in later.items() if key in earlier]
    return [
        *(RowNews(key, "new", row["text"]) for key, row in later.items() if key not in earlier),
        *(news for news in both if news.fields),
        *(RowNews(key, "gone", row["text"]) for key, row in earlier.items() if key not in later),
    ]


def texts(areas: Areas) -> Iterator[tuple[dict[str, Any], dict[str, str]]]:
    """Each area and row with its text by language."""
    for area in areas:
        yield area, area["title"]
        yield from ((row, row["text"]) for row in area["rows"])


def newer(found: ResponsibilityMatrix) -> differences.Difference | None:
    """How the current template differs from the words of this matrix, or None when it does not.

    Who does what is the two sides' own: only texts, new rows and rows that are gone count.
    """
    version = matrix_rows.current_template(found.community)
    rows = list(found.rows.select_related("person"))
    template = matrix_rows.rows_of(version, found)
    kept = {row.key: row for row in rows}
    for row in template:
        if row.key in kept:
            row.party, row.note, row.person, row.minutes_quarter = (
                kept[row.key].party,
                kept[row.key].note,
                kept[row.key].person,
                kept[row.key].minutes_quarter,
            )
    difference = differences.compare(rows, template)
    return difference if difference.changed else None


@transaction.atomic
def adopt(community: Community, keys: Sequence[str], *, by: Actor) -> ResponsibilityMatrix:
    """Take these rows over from the current template, into the open matrix, or into a change proposed for it.

    A new row comes with its default party, a reworded one keeps who does it, one that is gone leaves. Raises `NotYours`, `WrongState`,
    and `NothingChanged`.
    """
    if not PROPOSE_MATRIX.is_held_by(by, community):
        raise NotYours(_("Only a representative and our guides propose a change."))
    found = community.matrices.open().select_for_update().first()
    if found is None:
        return _propose_adopted(community, keys, by=by)
    if found.kind == MatrixKind.FIRST and not EDIT_MATRIX.is_held_by(by):
        raise NotYours(_("Our guides write the first one down."))
    rows = {row.key: row for row in found.rows.select_related("person")}
    for key, changes in _take_over(found, rows, keys).items():
        matrix.record_row(found, key, changes, by=by)
        matrix.forget_agreements(found, row=key, changes=changes, by=by)
    matrix_rows.save_rows(rows.values())
    return found


def _propose_adopted(community: Community, keys: Sequence[str], *, by: Actor) -> ResponsibilityMatrix:
    found, rows = matrix.copy_of_agreed(community, kind=MatrixKind.CHANGE, reason=_("A newer template"))
    _take_over(found, rows, keys)
    matrix_rows.save_rows(rows.values())
    matrix.propose(found, by=by)
    telling.tell(emails.matrix_change_proposed, found, matrix.other_side(Side(found.proposed_side)))
    return found


def _take_over(found: ResponsibilityMatrix, rows: dict[str, MatrixRow], keys: Sequence[str]) -> dict[str, list[list[object]]]:
    """Put the template's words into `rows`, not yet saved; what changed by key. Raises `NothingChanged`."""
    version = matrix_rows.current_template(found.community)
    template = {row.key: row for row in matrix_rows.rows_of(version, found)}
    wanted = [key for key in keys if key in template or key in rows]
    changed = {key: _take_row(rows, key, template.get(key)) for key in wanted}
    if not any(changed.values()):
        raise matrix.NothingChanged(_("Choose the rows to take over."))
    found.template = version
    found.save(update_fields=["template"])
    return {key: changes for key, changes in changed.items() if changes}


def _take_row(rows: dict[str, MatrixRow], key: str, offered: MatrixRow | None) -> list[list[object]]:
    ours = rows.get(key)
    if offered is None:
        gone = rows.pop(key)
        if gone.pk is not None:
            gone.delete()
        return [["row", pick(gone.text), ""]]
    if ours is None:
        rows[key] = offered
        return [["row", "", pick(offered.text)]]
    before = pick(ours.text)
    is_same = ours.text == offered.text
    for name in WORDS:
        setattr(ours, name, getattr(offered, name))
    return [] if is_same else [["text", before, pick(ours.text)]]


def _area(block: Any) -> dict[str, Any]:
    return {"key": block["key"], "title": _text(block["title"]), "rows": [_row(row) for row in block["rows"]]}


def _row(block: Any) -> dict[str, Any]:
    return {
        "key": block["key"],
        "text": _text(block["text"]),
        "party": block["party"],
        "role": block["role"] or None,
        "topics": list(block["topics"]),
        "articles": [address.strip("/") for address in block["articles"]],
    }


def _text(block: Any) -> dict[str, str]:
    return {code: said for code, _name in settings.LANGUAGES if (said := (block.get(code) or "").strip())}


def _by_key(areas: Areas) -> dict[str, dict[str, Any]]:
    return {row["key"]: row for area in areas for row in area["rows"]}


def _names(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The parts of a row that differ; a list that is missing is an empty one."""
    parts = ("text", "party", "role", "topics", "articles")
    return [part for part in parts if (before.get(part) or "") != (after.get(part) or "")]


def _whole(areas: Areas) -> Areas:
    """With every part named, as the editor writes them."""
    parts: dict[str, Any] = {"role": None, "topics": [], "articles": []}
    return [{**area, "rows": [{**parts, **row, "role": row.get("role") or None} for row in area["rows"]]} for area in areas]


def _twice(keys: Sequence[str]) -> list[str]:
    return sorted({key for key in keys if keys.count(key) > 1})
