"""The responsibility matrix: drafted from the template, proposed, changed row by row, agreed by both sides."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from communities.access import AGREE_FOR_COMMUNITY, AGREE_FOR_PROVIDER
from communities.models import Community, MatrixRow, MatrixTemplateVersion, ResponsibilityMatrix
from communities.states import MatrixState, Party
from ground.actors import Actor
from ground.states import WrongState

OPEN = (MatrixState.DRAFT, MatrixState.PROPOSED)


class NotSettled(Exception):
    """Rows still say “to be decided”; nobody can agree to that."""


class NotYours(Exception):
    """This person may agree for neither side."""


@transaction.atomic
def draft(community: Community, *, by: Actor) -> ResponsibilityMatrix:
    """A new matrix from the current template of the community's programme. Raises `WrongState` when one is open already."""
    if community.matrices.filter(state__in=OPEN).exists():
        raise WrongState(f"{community} has an open matrix")
    template = MatrixTemplateVersion.objects.get(programme=community.programme, is_current=True)
    matrix = ResponsibilityMatrix.objects.create(community=community, template=template, number=community.matrices.count() + 1)
    MatrixRow.objects.bulk_create(rows_of(template, matrix))
    log(matrix, "communities.matrix_draft", user=by.user, data={"by": by.label})
    return matrix


def rows_of(template: MatrixTemplateVersion, matrix: ResponsibilityMatrix) -> list[MatrixRow]:
    """The template's rows, not yet saved."""
    pairs = [(area, row) for area in template.areas for row in area["rows"]]
    return [
        MatrixRow(
            matrix=matrix,
            key=row["key"],
            position=position,
            area_key=area["key"],
            area=area["title"],
            text=row["text"],
            party=row["party"],
            role="" if row.get("role") in {None, "none"} else row["role"],
        )
        for position, (area, row) in enumerate(pairs)
    ]


@transaction.atomic
def propose(matrix: ResponsibilityMatrix, *, by: Actor) -> ResponsibilityMatrix:
    """Show it to the community for agreement."""
    matrix.move_to(MatrixState.PROPOSED, by=by)
    matrix.proposed_by, matrix.proposed_at = by.user, timezone.now()
    matrix.save(update_fields=["proposed_by", "proposed_at"])
    log(matrix, "communities.matrix_propose", user=by.user, data={"by": by.label})
    return matrix


@transaction.atomic
def change_row(row: MatrixRow, *, party: Party, note: str, by: Actor) -> MatrixRow:
    """Change who does it. What either side had agreed to falls: it was another matrix. Raises `WrongState` once agreed."""
    matrix = ResponsibilityMatrix.objects.select_for_update().get(pk=row.matrix_id)
    if matrix.state not in OPEN:
        raise WrongState(f"{matrix} is {matrix.state}")
    before = row.party
    row.party, row.note = party, note
    row.save(update_fields=["party", "note"])
    _forget_agreements(matrix)
    log(matrix, "communities.matrix_row", user=by.user, data={"row": row.key, "before": before, "after": party, "by": by.label})
    return row


@transaction.atomic
def agree(matrix: ResponsibilityMatrix, *, by: Actor) -> ResponsibilityMatrix:
    """Sign for one's own side; with both signatures the matrix holds, and the one before it does not any more.

    Raises `NotYours`, `NotSettled`, or `WrongState` when it is not proposed.
    """
    matrix = ResponsibilityMatrix.objects.select_for_update().get(pk=matrix.pk)
    if matrix.state != MatrixState.PROPOSED:
        raise WrongState(f"{matrix} is {matrix.state}")
    if matrix.rows.filter(party=Party.UNSET).exists():
        raise NotSettled(_("Some rows still say “to be decided”. Settle them first."))
    _sign(matrix, by=by)
    log(matrix, "communities.matrix_agree", user=by.user, data={"by": by.label})
    if matrix.provider_agreed_at and matrix.community_agreed_at:
        _replace_the_one_before(matrix, by=by)
        matrix.move_to(MatrixState.AGREED, by=by)
    return matrix


def agreed_row(community: Community, key: str) -> MatrixRow | None:
    """The row that holds for this community, or None."""
    return MatrixRow.objects.filter(matrix__community=community, matrix__state=MatrixState.AGREED, key=key).select_related("person").first()


def _sign(matrix: ResponsibilityMatrix, *, by: Actor) -> None:
    now = timezone.now()
    if AGREE_FOR_COMMUNITY.is_held_by(by, matrix.community_id):
        matrix.community_agreed_by, matrix.community_agreed_at = by.user, now
    elif AGREE_FOR_PROVIDER.is_held_by(by):
        matrix.provider_agreed_by, matrix.provider_agreed_at = by.user, now
    else:
        raise NotYours(_("You cannot agree for either side."))
    matrix.save()


def _forget_agreements(matrix: ResponsibilityMatrix) -> None:
    matrix.provider_agreed_by = matrix.provider_agreed_at = None
    matrix.community_agreed_by = matrix.community_agreed_at = None
    matrix.save()


def _replace_the_one_before(matrix: ResponsibilityMatrix, *, by: Actor) -> None:
    for earlier in matrix.community.matrices.filter(state=MatrixState.AGREED):
        earlier.move_to(MatrixState.REPLACED, by=by)
