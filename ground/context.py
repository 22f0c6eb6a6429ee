"""What every template may say: whose desk this is."""

from django.conf import settings
from django.http import HttpRequest


def whose_desk(_request: HttpRequest) -> dict[str, object]:
    """The operator's name and address, and whether this is the demonstration."""
    return {"operator": settings.OPERATOR_NAME, "support_email": settings.SUPPORT_EMAIL, "demo": settings.DEMO}
