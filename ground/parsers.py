"""How the API reads what it is sent."""

from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework import parsers
from rest_framework.exceptions import ParseError

from ground import documents


class JSONParser(parsers.JSONParser):
    """JSON that is not too deep."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        try:
            return documents.shallow(super().parse(stream, media_type, parser_context))
        except (RecursionError, documents.Unreadable) as error:
            raise ParseError(_("The lists and objects of this document are too deep inside each other.")) from error
