"""The addresses of a repository's code: git objects and references, commits, files."""

import base64
from typing import Any

from demo.github.code import Code
from demo.github.exchange import Answer, Request
from demo.github.git import Refused

NOT_FOUND = Answer(404, {"message": "Not Found", "documentation_url": "https://docs.github.com/rest"})


def repository(code: Code, _request: Request) -> Answer:
    return Answer(200, {"full_name": code.name, "default_branch": "main", "html_url": f"{code.host}/{code.name}", "private": False})


def reference(code: Code, _request: Request, name: str) -> Answer:
    sha = code.git.resolve(f"refs/{name}")
    return Answer(200, _reference(f"refs/{name}", sha)) if sha else NOT_FOUND


def make_reference(code: Code, request: Request) -> Answer:
    said = request.json()
    name, sha = str(said.get("ref", "")), str(said.get("sha", ""))
    if not name.startswith("refs/heads/") or code.git.kind(sha) != "commit":
        return invalid("Object does not exist" if name.startswith("refs/") else "Reference name must start with 'refs/'.")
    if code.git.resolve(name):
        return invalid("Reference already exists")
    try:
        code.git.move(name, sha)
    except Refused:
        return invalid(f"{name} is not a valid ref name.")
    code.moved(name, "", sha)
    return Answer(201, _reference(name, sha))


def move_reference(code: Code, request: Request, name: str) -> Answer:
    said, full = request.json(), f"refs/{name}"
    old, new = code.git.resolve(full), str(said.get("sha", ""))
    if not old:
        return invalid("Reference does not exist")
    if code.git.kind(new) != "commit":
        return invalid("Object does not exist")
    if not said.get("force") and not code.git.is_above(old, new):
        return invalid("Update is not a fast forward")
    code.git.move(full, new)
    code.moved(full, old, new)
    return Answer(200, _reference(full, new))


def remove_reference(code: Code, _request: Request, name: str) -> Answer:
    if not code.git.resolve(f"refs/{name}"):
        return invalid("Reference does not exist")
    code.git.remove(f"refs/{name}")
    code.removed(name.removeprefix("heads/"))
    return Answer(204)


def commit_object(code: Code, _request: Request, sha: str) -> Answer:
    return Answer(200, code.git.commit(sha)) if code.git.kind(sha) == "commit" else NOT_FOUND


def make_commit(code: Code, request: Request) -> Answer:
    said = request.json()
    parents = list(said.get("parents") or ())
    if code.git.kind(said["tree"]) != "tree" or any(code.git.kind(parent) != "commit" for parent in parents):
        return invalid("Tree SHA does not exist")
    author = said.get("author") or {"name": "hubdesk", "email": "hubdesk@github.test", "date": code.at()}
    sha = code.git.commit_tree(said["tree"], parents, said["message"], author=author, committer=said.get("committer"))
    return Answer(201, code.git.commit(sha))


def tree(code: Code, request: Request, sha: str) -> Answer:
    if code.git.kind(sha) not in {"tree", "commit"}:
        return NOT_FOUND
    entries = code.git.tree(sha, recursive="recursive" in request.query)
    return Answer(200, {"sha": code.git.resolve(f"{sha}^{{tree}}"), "tree": entries, "truncated": False})


def make_tree(code: Code, request: Request) -> Answer:
    said = request.json()
    if said.get("base_tree") and code.git.kind(said["base_tree"]) not in {"tree", "commit"}:
        return invalid("base_tree is not a valid tree oid")
    try:
        sha = code.git.write_tree(said.get("base_tree") or "", said["tree"])
    except Refused as error:
        return invalid(str(error))
    return Answer(201, {"sha": sha, "tree": code.git.tree(sha, recursive=False), "truncated": False})


def blob(code: Code, _request: Request, sha: str) -> Answer:
    if code.git.kind(sha) != "blob":
        return NOT_FOUND
    content = code.git.blob(sha)
    return Answer(200, {"sha": sha, "size": len(content), "encoding": "base64", "content": base64.encodebytes(content).decode()})


def contents(code: Code, request: Request, path: str) -> Answer:
    sha = code.git.resolve(f"{request.query.get('ref', 'main')}:{path}")
    if code.git.kind(sha) != "blob":
        return NOT_FOUND
    content = base64.encodebytes(code.git.blob(sha)).decode()
    return Answer(200, {"type": "file", "path": path, "sha": sha, "encoding": "base64", "content": content})


def commits(code: Code, request: Request) -> Answer:
    size, page = sized(request)
    start = code.git.resolve(request.query.get("sha", "main"))
    if not start:
        return NOT_FOUND
    names = code.git.log(start, count=size + 1, skip=(page - 1) * size)
    return paged(request, [{"sha": name} for name in names[:size]], has_next=len(names) > size)


def sized(request: Request) -> tuple[int, int]:
    """How many, and the how manieth page."""
    return min(int(request.query.get("per_page", 30)), 100), int(request.query.get("page", 1))


def paged(request: Request, shown: Any, *, has_next: bool) -> Answer:
    page = int(request.query.get("page", 1)) + 1
    link = f'<{request.host}{request.path}?page={page}>; rel="next", <{request.host}{request.path}?page=99>; rel="last"'
    return Answer(200, shown, {"link": link} if has_next else {})


def sliced(request: Request, found: list[Any], *, within: str = "") -> Answer:
    """One page of a list, by itself or within an object that counts it."""
    size, page = sized(request)
    shown = found[(page - 1) * size : page * size]
    return paged(request, {"total_count": len(found), within: shown} if within else shown, has_next=len(found) > page * size)


def invalid(words: str, /, **error: str) -> Answer:
    """422; what is wrong with a field is told in `errors`, as GitHub does."""
    return Answer(422, {"message": "Validation Failed", "errors": [error]} if error else {"message": words})


def _reference(name: str, sha: str) -> dict[str, Any]:
    return {"ref": name, "object": {"type": "commit", "sha": sha}}
