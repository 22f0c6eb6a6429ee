"""Filling in a form as somebody at a browser: what the page's own form would post, then what a person typed."""

from html.parser import HTMLParser
from typing import Any


class Form(HTMLParser):
    """The controls of the form with that id, and what each would post untouched."""

    def __init__(self, id_: str) -> None:
        super().__init__(convert_charrefs=True)
        self.id, self.inside, self.values = id_, False, {}
        self.select, self.area, self.words, self.kinds = "", "", [], {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = dict(attrs)
        if tag == "form":
            self.inside = given.get("id") == self.id
        if not self.inside:
            return
        name = given.get("name", "")
        if tag == "input" and name:
            self._input(name, given)
        elif tag == "select":
            self.select = name
            self.kinds[name] = "select"
        elif tag == "option" and self.select and "selected" in given:
            self._add(self.select, given.get("value") or "")
        elif tag == "textarea":
            self.area, self.words = name, []
            self.kinds[name] = "textarea"

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = ""
        elif tag == "textarea" and self.area:
            self._add(self.area, "".join(self.words).strip())
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.words.append(data)

    def _input(self, name: str, given: dict[str, Any]) -> None:
        kind = given.get("type", "text")
        self.kinds.setdefault(name, kind)
        if kind in {"checkbox", "radio"} and "checked" not in given:
            return
        self._add(name, given.get("value") or ("on" if kind == "checkbox" else ""))

    def _add(self, name: str, value: str) -> None:
        self.values.setdefault(name, []).append(value)


def read(page: str, id_: str = "answers") -> Form:
    form = Form(id_)
    form.feed(page)
    return form


def untouched(page: str, id_: str = "answers") -> dict[str, Any]:
    """What pressing a button would post if nobody typed anything."""
    return dict(read(page, id_).values)
