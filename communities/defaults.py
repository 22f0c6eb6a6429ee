"""What the site cannot run without: a programme, the staff groups, the default responsibility matrix."""

import hashlib
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from ruamel.yaml import YAML

from communities import groups
from communities.models import MatrixTemplateVersion, Programme, ServicePolicy

CONTENT = Path(__file__).parent / "content"


def ensure() -> None:
    """Make what is missing; what an operator changed stays."""
    groups.ensure_staff_groups()
    programme, _is_new = Programme.objects.get_or_create(is_default=True, defaults={"slug": "default", "name": settings.OPERATOR_NAME})
    ServicePolicy.objects.get_or_create(programme=programme)
    if not MatrixTemplateVersion.objects.filter(programme=programme).exists():
        publish_matrix_template(programme, areas())


def areas() -> list[dict[str, Any]]:
    """The areas of the default matrix with their rows, as the content file has them."""
    loaded: dict[str, Any] = YAML(typ="safe").load(CONTENT / "responsibilities.yaml")
    return list(loaded["areas"])


def publish_matrix_template(programme: Programme, areas: list[dict[str, Any]]) -> MatrixTemplateVersion:
    """Freeze these areas as the programme's next version; matrices that exist keep theirs."""
    versions = MatrixTemplateVersion.objects.filter(programme=programme)
    number = versions.count() + 1
    versions.update(is_current=False)
    digest = hashlib.sha256(json.dumps(areas, sort_keys=True).encode()).hexdigest()
    return MatrixTemplateVersion.objects.create(programme=programme, number=number, areas=areas, sha256=digest, is_current=True)
