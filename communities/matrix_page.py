"""What the pages of a matrix show: rows by area with their conversation counted, the difference of a proposal, what this reader may do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Count, Q, QuerySet

from communities import access, matrix, matrix_history
from communities.differences import Difference, Pair, compare
from communities.models import Community, MatrixComment, MatrixRow, MatrixTemplateVersion, ResponsibilityMatrix, User
from communities.roles import Role, StaffGroup
from communities.states import MatrixKind, MatrixState, Party, Side
from ground.actors import Actor
from ground.texts import pick

NAMED = (Role.REPRESENTATIVE, Role.HUB_CHAMPION, Role.TECHNICAL_CONTACT, Role.BILLING_CONTACT)
OURS = (StaffGroup.COMMUNITY_GUIDE, StaffGroup.ENGINEER)


@dataclass(frozen=True)
class Talk:
    """How much was said about a row, and how many questions are open."""

    comments: int = 0
    questions: int = 0


@dataclass(frozen=True)
class Line:
    """One row as a page shows it."""

    row: MatrixRow
    text: str
    talk: Talk
    may_change: bool


def choices(community: Community, actor: Actor) -> tuple[ResponsibilityMatrix | None, ResponsibilityMatrix | None]:
    """(the matrix that holds, the one that is open) as far as this actor may read them."""
    rows = ResponsibilityMatrix.objects.visible_to(actor).filter(community=community, state__in=[*matrix.OPEN, MatrixState.AGREED])
    found = list(rows.with_signers().select_related("community"))
    holds = next((each for each in found if each.state == MatrixState.AGREED), None)
    return holds, next((each for each in found if each.is_open), None)


def rows_of(found: ResponsibilityMatrix) -> list[MatrixRow]:
    rows = list(found.rows.select_related("person"))
    for row in rows:
        row.matrix = found
    return rows


def lines(rows: Sequence[MatrixRow], actor: Actor) -> dict[str, Line]:
    """Each row by its key, in order; one query however much was said."""
    said = talks(rows)
    return {row.key: Line(row, pick(row.text), said.get(row.pk, Talk()), matrix.may_change(actor, row)) for row in rows}


def talks(rows: Iterable[MatrixRow]) -> dict[int, Talk]:
    """What was said, counted by row."""
    matrices = {row.matrix_id for row in rows}
    counted = (
        MatrixComment.objects.filter(row__matrix__in=matrices)
        .order_by()
        .values("row")
        .annotate(comments=Count("pk"), questions=Count("pk", filter=Q(is_question=True, resolved_at=None)))
    )
    return {each["row"]: Talk(each["comments"], each["questions"]) for each in counted}


def by_area(found: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    """(area's title, its rows) in the reader's language."""
    areas = [list(group) for _key, group in groupby(found, key=lambda line: line.row.area_key)]
    return [(pick(area[0].row.area), area) for area in areas]


def difference(found: ResponsibilityMatrix, rows: Sequence[MatrixRow]) -> Difference | None:
    """How a proposal differs from what is agreed; None for a first one."""
    if found.kind == MatrixKind.FIRST or found.based_on_id is None:
        return None
    before = MatrixRow.objects.filter(matrix=found.based_on_id).select_related("person")
    return compare(list(before), rows)


def pairs_with_lines(pairs: Sequence[Pair], found: Mapping[str, Line]) -> list[tuple[Pair, Line | None, str]]:
    """(what differs, the line it is now, its text)."""
    return [(pair, found.get(pair.key), pick(pair.row.text)) for pair in pairs]  # type: ignore[attr-defined]  # rows of ours have texts


def news(found: ResponsibilityMatrix, actor: Actor, rows: Sequence[MatrixRow]) -> list[dict[str, Any]]:
    """What was changed since this reader's side last looked, row by row."""
    side = access.side_of(actor, found.community_id)
    if found.state != MatrixState.PROPOSED or side is None:
        return []
    texts = {row.key: pick(row.text) for row in rows}
    entries = matrix_history.row_changes(found, since=found.last_looked(side))
    return [{"entry": entry, "text": texts.get(entry.row, entry.row)} for entry in entries if entry.side != side]


def people(community: Community, actor: Actor) -> list[User]:
    """Who may be named in a row: the community's named people, and for staff ours too."""
    theirs: QuerySet[User] = community.people(*NAMED)
    if not access.is_staff(actor):
        return list(theirs)
    ours = User.objects.filter(is_active=True, groups__name__in=OURS)
    return list(User.objects.filter(Q(pk__in=theirs.values("pk")) | Q(pk__in=ours.values("pk"))).order_by("name", "email"))


def what_now(found: ResponsibilityMatrix | None, holds: ResponsibilityMatrix | None, community: Community, actor: Actor) -> dict[str, Any]:
    """What this reader may do on the page."""
    is_open, edits = found is not None and found.is_open, access.EDIT_MATRIX.is_held_by(actor)
    is_proposed = found is not None and found.state == MatrixState.PROPOSED
    side = matrix.signs_for(actor, found or holds) if found or holds else None  # type: ignore[arg-type]  # one of them is there
    return {
        "side": side,
        "may_agree": is_proposed and found is not None and side is not None and found.signed_at(side) is None,
        "may_comment": is_proposed and access.COMMENT_MATRIX.is_held_by(actor, community),
        "may_withdraw": is_proposed and found is not None and found.kind != MatrixKind.FIRST and matrix.may_withdraw(actor, found),
        "may_propose": edits and (found is None or found.state == MatrixState.DRAFT) and holds is None,
        "may_propose_change": holds is not None and not is_open and access.PROPOSE_MATRIX.is_held_by(actor, community),
        "may_renew": may_renew(holds, found, side),
        "has_newer": access.PROPOSE_MATRIX.is_held_by(actor, community) and has_newer(community, found or holds),
        "may_set_day": holds is not None and access.SET_REVIEW_DATE.is_held_by(actor),
    }


def may_renew(holds: ResponsibilityMatrix | None, found: ResponsibilityMatrix | None, side: Side | None) -> bool:
    """Both sides were asked, nothing else is open, and this reader signs."""
    return holds is not None and holds.renewal_asked_at is not None and side is not None and (found is None or not found.is_open)


def has_newer(community: Community, found: ResponsibilityMatrix | None) -> bool:
    """Whether a template was published since the one these rows were written from."""
    if found is None:
        return False
    current = MatrixTemplateVersion.objects.filter(programme=community.programme_id, is_current=True)
    return current.exclude(pk=found.template_id).exists()


def open_questions(found: Iterable[Line]) -> int:
    """In how many rows a question is open."""
    return sum(line.talk.questions > 0 for line in found)


def unsettled(rows: Iterable[MatrixRow]) -> int:
    return sum(row.party == Party.UNSET for row in rows)
