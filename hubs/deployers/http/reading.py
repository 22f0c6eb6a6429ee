"""Reading a deployer's answers, which are a stranger's words until they were looked at."""

from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

from ground import documents
from ground.errors import Unavailable
from hubs.deployers import contract
from hubs.deployers.documents import from_document
from hubs.deployers.http.wire import Answer

T = TypeVar("T")
ADDRESSES = {"url", "help_url"}


def read(cls: type[T], answer: Answer) -> T:
    """The dataclass an answer holds, by its name in the contract. Raises Unavailable when it is not of that shape."""
    return one(cls, document(answer))


def one(cls: type[T], found: Any) -> T:
    """The same of a document. States are closed, and a stage is any word; members that are unknown here are ignored."""
    if wrong := contract.complaint(cls.__name__, found):
        raise unreadable(f"{cls.__name__}: {wrong}")
    try:
        return from_document(cls, _plain(found))
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError) as error:
        raise unreadable(f"{cls.__name__}: {type(error).__name__}") from error


def document(answer: Answer) -> Any:
    """The JSON of an answer."""
    try:
        return documents.read(answer.body)
    except documents.Unreadable as error:
        raise unreadable("no JSON") from error


def page(answer: Answer) -> tuple[list[Any], str]:
    """The items of a page, and the cursor of the next one, blank after the last."""
    found = document(answer)
    if not isinstance(found, Mapping) or not isinstance(found.get("items"), list):
        raise unreadable("no list")
    following = found.get("next_cursor") or ""
    if not isinstance(following, str) or len(following) > 2000:
        raise unreadable("the next page has no name")
    return found["items"], following


def unreadable(why: str) -> Unavailable:
    """It answered, and nobody can tell what: what was asked for may have been done."""
    return Unavailable(f"The deployer’s answer cannot be read ({why})", outcome_unknown=True)


def _plain(value: Any, name: str = "") -> Any:
    """Without nulls (which are absent here), without what a database cannot keep, and without addresses that are not of the web."""
    if isinstance(value, Mapping):
        return {key: _plain(part, key) for key, part in value.items() if part is not None}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if not isinstance(value, str):
        return value
    text = value.replace("\x00", "").encode("utf-8", "replace").decode()
    return "" if name in ADDRESSES and not _is_of_the_web(text) else text


def _is_of_the_web(address: str) -> bool:
    try:
        return urlsplit(address).scheme in {"http", "https"} and bool(urlsplit(address).hostname)
    except ValueError:
        return False
