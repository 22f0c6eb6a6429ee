"""An application's reference in an address, so that `/review/board/` is never taken for one."""

from django.urls import register_converter


class Reference:
    """`CI-7K3F-29QD`, as ground.references makes them."""

    regex = "[A-Z]{2,4}(?:-[0-9A-Z]{4})+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Reference, "reference")
