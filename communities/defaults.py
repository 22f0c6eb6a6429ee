"""What the site cannot run without: a programme, the staff groups, the default responsibility matrix."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from ruamel.yaml import YAML

from communities import groups, templating
from communities.models import MatrixTemplate, MatrixTemplateVersion, Programme, ServicePolicy
from communities.roles import StaffGroup

CONTENT = Path(__file__).parent / "content"


def ensure() -> None:
    """Make what is missing; what an operator changed stays."""
    groups.ensure_staff_groups()
    programme, _is_new = Programme.objects.get_or_create(is_default=True, defaults={"slug": "default", "name": settings.OPERATOR_NAME})
    ServicePolicy.objects.get_or_create(programme=programme)
    if not MatrixTemplateVersion.objects.filter(programme=programme).exists():
        publish_matrix_template(programme, areas())
    open_template(programme)
    let_operators_edit()


def areas() -> list[dict[str, Any]]:
    """The areas of the default matrix with their rows, as the content file has them."""
    loaded: dict[str, Any] = YAML(typ="safe").load(CONTENT / "responsibilities.yaml")
    return list(loaded["areas"])


def publish_matrix_template(programme: Programme, areas: list[dict[str, Any]]) -> MatrixTemplateVersion:
    """Freeze these areas as the programme's next version; matrices that exist keep theirs."""
    return templating.freeze(programme, areas)


def open_template(programme: Programme) -> MatrixTemplate:
    """The draft that operators edit, beginning with what is published."""
    template, _is_new = MatrixTemplate.objects.get_or_create(
        programme=programme, defaults={"areas": json.dumps(as_blocks(templating.current_areas(programme)))}
    )
    return template


def as_blocks(areas: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Published areas as the editor keeps them."""
    return [{"type": "area", "value": {**area, "rows": [_row_block(row) for row in area["rows"]]}} for area in areas]


def _row_block(row: dict[str, Any]) -> dict[str, Any]:
    role = row.get("role")
    return {**row, "role": "" if role in {None, "none"} else role, "topics": row.get("topics", []), "articles": row.get("articles", [])}


def let_operators_edit() -> None:
    """The right to open the template in the editor."""
    operators = Group.objects.get(name=StaffGroup.OPERATOR)
    permissions = Permission.objects.filter(
        content_type__app_label="communities", codename__in=["view_matrixtemplate", "change_matrixtemplate"]
    )
    opening = Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin")
    operators.permissions.add(*permissions, *opening)
