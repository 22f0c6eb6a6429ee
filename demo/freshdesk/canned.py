"""Answers written in advance, in folders; their text holds placeholders that nobody here fills in."""

from demo.freshdesk import checking, paging
from demo.freshdesk.account import Account
from demo.freshdesk.exchange import Answer, Refusal, Request
from demo.freshdesk.store import Row

FIELDS: checking.Fields = {"title": str, "content_html": str, "folder_id": int, "visibility": int, "group_ids": list}
FOLDER_FIELDS: checking.Fields = {"name": str}


def list_folders(account: Account, request: Request) -> Answer:
    window = paging.cut(checking.query(request, paging.PARAMETERS))
    rows = account.store.folders.find(limit=window.limit, offset=window.offset)
    return paging.paged(request, window, rows, lambda row: _counted(account, row))


def create_folder(account: Account, request: Request) -> Answer:
    given, now = checking.body(request, FOLDER_FIELDS, required=("name",)), account.now()
    folder = account.store.folders.put({**given, "personal": False, "created_at": now, "updated_at": now})
    return Answer(201, _counted(account, folder))


def view_folder(account: Account, request: Request, folder_id: int) -> Answer:
    folder = _folder(account, folder_id)
    titles = [{"id": row["id"], "title": row["title"]} for row in _within(account, folder_id)]
    return Answer(200, {**_counted(account, folder), "canned_responses": titles})


def list_responses(account: Account, request: Request, folder_id: int) -> Answer:
    _folder(account, folder_id)
    window = paging.cut(checking.query(request, paging.PARAMETERS))
    rows = account.store.canned.find("folder_id = ?", folder_id, limit=window.limit, offset=window.offset)
    return paging.paged(request, window, rows, _shown)


def view_response(account: Account, request: Request, response_id: int) -> Answer:
    return Answer(200, _shown(_response(account, response_id)))


def create_response(account: Account, request: Request) -> Answer:
    given, now = checking.body(request, FIELDS, required=("title", "content_html", "folder_id", "visibility")), account.now()
    _folder(account, given["folder_id"])
    row = account.store.canned.put({"group_ids": [], **given, "content": given["content_html"], "created_at": now, "updated_at": now})
    return Answer(201, _shown(row))


def update_response(account: Account, request: Request, response_id: int) -> Answer:
    row, given = _response(account, response_id), checking.body(request, FIELDS)
    content = {"content": given.get("content_html", row["content"])}
    return Answer(200, _shown(account.store.canned.put({**row, **given, **content, "updated_at": account.now()})))


def _shown(row: Row) -> Row:
    return {**row, "attachments": []}


def _counted(account: Account, folder: Row) -> Row:
    return {**folder, "responses_count": account.store.canned.count("folder_id = ?", folder["id"])}


def _within(account: Account, folder_id: int) -> list[Row]:
    return account.store.canned.find("folder_id = ?", folder_id)


def _folder(account: Account, folder_id: int) -> Row:
    folder = account.store.folders.get(folder_id)
    if folder is None:
        raise Refusal(404)
    return folder


def _response(account: Account, response_id: int) -> Row:
    row = account.store.canned.get(response_id)
    if row is None:
        raise Refusal(404)
    return row
