"""Pages as Freshdesk cuts them, and the Link header while there is another."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from demo.freshdesk.checking import refuse
from demo.freshdesk.exchange import Answer, Request
from demo.freshdesk.store import Row

LAST_TICKET_PAGE = 300
PARAMETERS = ("page", "per_page")
BEYOND = "You cannot access tickets beyond the 300th page. Please provide a smaller page number."


@dataclass(frozen=True)
class Cut:
    """Which rows a page holds; one more is read to know whether there is another page."""

    page: int
    size: int

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.size

    @property
    def limit(self) -> int:
        return self.size + 1


def cut(query: Mapping[str, str], *, last_page: int | None = None) -> Cut:
    page, size = _number(query, "page", 1, highest=None), _number(query, "per_page", 30, highest=100)
    if last_page and page > last_page:
        refuse("page", BEYOND, "invalid_value")
    return Cut(page, size)


def paged(request: Request, where: Cut, rows: list[Row], show: Callable[[Row], Row], *, credits_used: float = 1.0) -> Answer:
    headers = {}
    if len(rows) > where.size:
        following = urlencode({**request.query, "page": where.page + 1})
        headers["link"] = f'<{request.host}{request.path}?{following}>; rel="next"'
    return Answer(200, [show(row) for row in rows[: where.size]], headers, credits=credits_used)


def _number(query: Mapping[str, str], name: str, default: int, *, highest: int | None) -> int:
    text = query.get(name, str(default))
    if not text.isdigit() or int(text) < 1 or (highest and int(text) > highest):
        refuse(
            name,
            f"It should be a Positive Integer less than or equal to {highest}" if highest else "It should be a Positive Integer",
            "invalid_value",
        )
    return int(text)
