"""What everybody may read of us: privacy, terms, accessibility."""

from django.urls import path, register_converter

from onboarding.models import StatementKind
from onboarding.views import statements


class Statement:
    """`privacy`, `terms` or `accessibility`."""

    regex = "|".join(StatementKind.values)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Statement, "statement")
urlpatterns = [
    path("<statement:kind>/", statements.statement, name="statement"),
    path("<statement:kind>/<int:number>/", statements.statement_version, name="statement_version"),
]
