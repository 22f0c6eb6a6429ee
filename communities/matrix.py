"""The responsibility matrix: drafted from the template, proposed, changed row by row, agreed by both sides, changed by proposal."""

from collections.abc import Sequence
from dataclasses import astuple
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from communities import emails, telling
from communities.access import AGREE_FOR_COMMUNITY, AGREE_FOR_PROVIDER, EDIT_MATRIX, PROPOSE_MATRIX, SETTLE_MATRIX, roles_in, side_of
from communities.differences import changes as differing
from communities.matrix_rows import RowChange, apply, current_template, fingerprint, rows_of, save_rows
from communities.models import Community, MatrixRow, ResponsibilityMatrix, User
from communities.states import MatrixKind, MatrixState, Party, Side
from ground.actors import Actor
from ground.states import WrongState

OPEN = (MatrixState.DRAFT, MatrixState.PROPOSED)


class NotSettled(Exception):
    """Rows still say “to be decided”; nobody can agree to that."""


class NotYours(Exception):
    """This person may do this for neither side."""


class ChangedMeanwhile(Exception):
    """A row is not what the signer read."""


class NothingChanged(Exception):
    """A proposal that says what is agreed already."""


@transaction.atomic
def draft(community: Community, *, by: Actor) -> ResponsibilityMatrix:
    """A new matrix from the current template of the community's programme. Raises `WrongState` when one is open already."""
    number = next_number(community)
    template = current_template(community)
    matrix = ResponsibilityMatrix.objects.create(
        community=community,
        template=template,
        number=number,
        **({"kind": MatrixKind.CHANGE, "based_on": agreed} if (agreed := community.matrices.agreed().first()) else {}),
    )
    MatrixRow.objects.bulk_create(rows_of(template, matrix))
    log(matrix, "communities.matrix_draft", user=by.user, data={"by": by.label})
    return matrix


@transaction.atomic
def propose(matrix: ResponsibilityMatrix, *, by: Actor) -> ResponsibilityMatrix:
    """Show it to the community for agreement."""
    matrix.move_to(MatrixState.PROPOSED, by=by)
    matrix.proposed_by, matrix.proposed_at = by.user, timezone.now()
    matrix.proposed_side = side_of(by, matrix.community_id) or Side.PROVIDER
    matrix.save(update_fields=["proposed_by", "proposed_at", "proposed_side"])
    log(matrix, "communities.matrix_propose", user=by.user, data={"by": by.label, "reason": matrix.reason})
    return matrix


@transaction.atomic
def propose_change(community: Community, changes: Sequence[RowChange], *, reason: str, by: Actor) -> ResponsibilityMatrix:
    """A new matrix, proposed: the agreed one with these changes, and with the rows the template has got since.

    What is agreed holds until both sides have signed. Raises `NotYours`, `NothingChanged`, and `WrongState` when nothing is agreed
    yet or another one is open.
    """
    if not PROPOSE_MATRIX.is_held_by(by, community):
        raise NotYours(_("Only a representative and our guides propose a change."))
    matrix, rows = copy_of_agreed(community, kind=MatrixKind.CHANGE, reason=reason)
    offered = rows_of(current_template(community), matrix)
    newer = [row for row in offered if row.key not in rows]
    before = {key: row.said() for key, row in rows.items()}
    for change in changes:
        apply(rows[change.key], change)
    if not newer and all(row.said() == before[key] for key, row in rows.items()):
        raise NothingChanged(_("Nothing is different from what is agreed."))
    if {row.key: row.text for row in offered} == {row.key: row.text for row in [*rows.values(), *newer]}:
        matrix.template = current_template(community)
        matrix.save(update_fields=["template"])
    save_rows([*rows.values(), *newer])
    propose(matrix, by=by)
    telling.tell(emails.matrix_change_proposed, matrix, other_side(Side(matrix.proposed_side)))
    return matrix


@transaction.atomic
def withdraw(matrix: ResponsibilityMatrix, *, reason: str, by: Actor) -> ResponsibilityMatrix:
    """Take a proposed change back; what was agreed goes on. Raises `NotYours`, and `WrongState` when it is none or is not open."""
    matrix = locked(matrix)
    if not may_withdraw(by, matrix):
        raise NotYours(_("Only the side that proposed it takes it back."))
    if matrix.kind == MatrixKind.FIRST:
        raise WrongState(_("This is the first one: change its rows instead."))
    matrix.withdrawn_reason = reason
    matrix.save(update_fields=["withdrawn_reason"])
    matrix.move_to(MatrixState.WITHDRAWN, by=by, note=reason)
    log(matrix, "communities.matrix_withdraw", user=by.user, data={"by": by.label, "reason": reason})
    telling.tell(emails.matrix_withdrawn, matrix, *(side for side in Side if side != side_of(by, matrix.community_id)))
    return matrix


@transaction.atomic
def change_row(row: MatrixRow, *, party: Party, note: str, person: User | None = None, minutes: int | None = None, by: Actor) -> MatrixRow:
    """Say anew who does it. What either side had signed falls, and both are told. Raises `WrongState` once agreed."""
    matrix = locked(row.matrix)
    if matrix.state not in OPEN:
        raise WrongState(_("This one is not open any more."))
    before = row.said()
    apply(row, RowChange(key=row.key, party=party, note=note, person=person, minutes=minutes))
    row.save(update_fields=["party", "note", "person", "minutes_quarter"])
    changed = [list(astuple(change)) for change in differing(before, row.said())]
    if changed:
        record_row(matrix, row.key, changed, by=by)
        forget_agreements(matrix, row=row.key, changes=changed, by=by)
    return row


@transaction.atomic
def agree(matrix: ResponsibilityMatrix, *, by: Actor, seen: str = "") -> ResponsibilityMatrix:
    """Sign for one's own side; with both signatures the matrix holds, and the one before it does not any more.

    `seen` is the `fingerprint` of what the signer read. Raises `NotYours`, `NotSettled`, `ChangedMeanwhile`, or `WrongState` when it is
    not proposed.
    """
    matrix = locked(matrix)
    if matrix.state != MatrixState.PROPOSED:
        raise WrongState(_("There is nothing to agree to: this one is not proposed any more."))
    if matrix.rows.filter(party=Party.UNSET).exists():
        raise NotSettled(_("Some rows still say “to be decided”. Settle them first."))
    if seen and seen != fingerprint(matrix.rows.all()):
        raise ChangedMeanwhile(_("A row was changed while you read. Look at what is new, then agree."))
    _sign(matrix, by=by)
    log(matrix, "communities.matrix_agree", user=by.user, data={"by": by.label, "side": side_of(by, matrix.community_id) or ""})
    if matrix.provider_agreed_at and matrix.community_agreed_at:
        _let_it_hold(matrix, by=by)
    return matrix


@transaction.atomic
def mark_read(matrix: ResponsibilityMatrix, *, by: Actor) -> ResponsibilityMatrix:
    """Say that one's side has read what is new. Raises `NotYours`."""
    matrix = locked(matrix)
    side = signs_for(by, matrix)
    if side is None:
        raise NotYours(_("You speak for neither side."))
    setattr(matrix, f"{side.value}_read_at", timezone.now())
    matrix.save(update_fields=[f"{side.value}_read_at"])
    return matrix


def agreed_row(community: Community, key: str) -> MatrixRow | None:
    """The row that holds for this community, or None."""
    return MatrixRow.objects.filter(matrix__community=community, matrix__state=MatrixState.AGREED, key=key).select_related("person").first()


def may_change(actor: Actor, row: MatrixRow) -> bool:
    """Our editors change every row of an open matrix; a representative what a first one leaves open, and every row of a later one."""
    if not row.matrix.is_open:
        return False
    if EDIT_MATRIX.is_held_by(actor):
        return True
    right = PROPOSE_MATRIX if row.matrix.kind != MatrixKind.FIRST else SETTLE_MATRIX
    is_theirs = row.party == Party.UNSET or row.matrix.kind != MatrixKind.FIRST
    return row.matrix.state == MatrixState.PROPOSED and is_theirs and right.is_held_by(actor, row.matrix.community_id)


def may_withdraw(actor: Actor, matrix: ResponsibilityMatrix) -> bool:
    """The side that proposed it."""
    return PROPOSE_MATRIX.is_held_by(actor, matrix.community_id) and side_of(actor, matrix.community_id) == matrix.proposed_side


def signs_for(actor: Actor, matrix: ResponsibilityMatrix) -> Side | None:
    """The side this person signs for."""
    if AGREE_FOR_COMMUNITY.is_held_by(actor, matrix.community_id):
        return Side.COMMUNITY
    return Side.PROVIDER if AGREE_FOR_PROVIDER.is_held_by(actor) else None


def other_side(side: Side) -> Side:
    return Side.COMMUNITY if side == Side.PROVIDER else Side.PROVIDER


def next_number(community: Community) -> int:
    """The number of a new matrix; the community's row is the lock. Raises `WrongState` when one is open."""
    Community.objects.select_for_update().get(pk=community.pk)
    if community.matrices.open().exists():
        raise WrongState(_("Another one is open: agree to it or take it back first."))
    return community.matrices.count() + 1


def copy_of_agreed(community: Community, *, kind: MatrixKind, reason: str = "") -> tuple[ResponsibilityMatrix, dict[str, MatrixRow]]:
    """A draft that says what is agreed, and its rows by key, not yet saved. Raises `WrongState`."""
    number = next_number(community)
    agreed = community.matrices.agreed().first()
    if agreed is None:
        raise WrongState(_("Nothing is agreed yet."))
    matrix = ResponsibilityMatrix.objects.create(
        community=community, template=agreed.template, number=number, kind=kind, based_on=agreed, reason=reason
    )
    rows = list(agreed.rows.select_related("person"))
    for row in rows:
        row.pk, row.matrix = None, matrix
        row._state.adding = True
    return matrix, {row.key: row for row in rows}


def locked(matrix: ResponsibilityMatrix) -> ResponsibilityMatrix:
    return ResponsibilityMatrix.objects.select_for_update().get(pk=matrix.pk)


def record_row(matrix: ResponsibilityMatrix, key: str, changes: list[list[object]], *, by: Actor) -> None:
    """Write down what became of a row."""
    side = side_of(by, matrix.community_id) or ""
    log(matrix, "communities.matrix_row", user=by.user, data={"row": key, "changes": changes, "side": side, "by": by.label})


def forget_agreements(matrix: ResponsibilityMatrix, *, row: str, changes: list[list[object]], by: Actor) -> None:
    """The signatures fall, for it is another matrix now; both sides hear which row it was."""
    signers = [str(signer) for signer in (matrix.provider_agreed_by, matrix.community_agreed_by) if signer]
    if not signers:
        return
    matrix.provider_agreed_by = matrix.provider_agreed_at = None
    matrix.community_agreed_by = matrix.community_agreed_at = None
    matrix.provider_agreed_as = matrix.community_agreed_as = ""
    matrix.save()
    telling.tell(emails.matrix_signature_fell, matrix, *Side, row=row, changes=changes, by=by.label, names=signers)


def _sign(matrix: ResponsibilityMatrix, *, by: Actor) -> None:
    side = signs_for(by, matrix)
    if side is None:
        raise NotYours(_("You cannot agree for either side."))
    setattr(matrix, f"{side.value}_agreed_by", by.user)
    setattr(matrix, f"{side.value}_agreed_at", timezone.now())
    setattr(matrix, f"{side.value}_agreed_as", _signs_as(by, matrix, side))
    matrix.save()


def _signs_as(by: Actor, matrix: ResponsibilityMatrix, side: Side) -> str:
    """In which role or group this person signs; a superuser in none."""
    if side == Side.COMMUNITY:
        held = roles_in(by, matrix.community_id) & AGREE_FOR_COMMUNITY.members
    else:
        held = (by.user.staff_groups if by.user else frozenset()) & AGREE_FOR_PROVIDER.staff
    return min(held, default="")


def _let_it_hold(matrix: ResponsibilityMatrix, *, by: Actor) -> None:
    """It takes the place of the one before, and is looked at again after as long as an agreement lasts."""
    for earlier in matrix.community.matrices.agreed():
        earlier.move_to(MatrixState.REPLACED, by=by)
    if matrix.review_on is None:
        matrix.review_on = timezone.localdate() + timedelta(days=matrix.community.programme.policy.agreement_days)
        matrix.save(update_fields=["review_on"])
    matrix.move_to(MatrixState.AGREED, by=by)
