"""Filters of the API's lists that refuse a misspelt one."""

from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from rest_framework.exceptions import ValidationError

BESIDES_FILTERS = frozenset({"cursor", "page_size", "format"})


class KnownFilters(filters.FilterSet):
    """What asks for a filter that is not there gets 400: it must not pass for everything."""

    def is_valid(self) -> bool:
        unknown = set(self.data) - set(self.filters) - BESIDES_FILTERS
        if unknown:
            raise ValidationError({name: [_("This filter is not known here.")] for name in sorted(unknown)}, code="unknown")
        return bool(super().is_valid())
