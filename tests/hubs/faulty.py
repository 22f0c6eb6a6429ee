"""A deployer API that answers what it is told to, and a way to it on which answers get lost."""

import json

import httpx

from hubs.deployers.http import HttpDeployer, base_address
from hubs.deployers.http.memory import Memory

DEPLOYMENT = {
    "id": "d-1",
    "request_id": "7",
    "kind": "change",
    "state": "in_progress",
    "stage": "dancing",
    "version": 3,
    "created_at": "2027-01-04T09:00:00Z",
    "updated_at": "2027-01-04T09:00:00+00:00",
    "cancellable": True,
    "steps": [],
    "preconditions": [],
}


class Scripted:
    """Serves WSGI: each request gets the next answer, the last one for ever. Keeps what it was asked."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def __call__(self, environ, start):
        size = int(environ.get("CONTENT_LENGTH") or 0)
        headers = {name.removeprefix("HTTP_"): value for name, value in environ.items() if name.startswith("HTTP_")}
        self.asked.append(
            (environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["QUERY_STRING"], headers, environ["wsgi.input"].read(size))
        )
        status, body, headers = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        start(f"{status} Status", [("Content-Type", "application/json"), *headers.items()])
        return [raw]


class Losing(httpx.BaseTransport):
    """Carries requests; loses the answers of the first few, or breaks before it sends."""

    def __init__(self, app, *, lose=0, error=httpx.ReadTimeout, before=False):
        self.inner, self.left, self.error, self.before = httpx.WSGITransport(app=app), lose, error, before

    def handle_request(self, request):
        if self.left and self.before:
            self.left -= 1
            raise self.error("lost", request=request)
        answer = self.inner.handle_request(request)
        if self.left:
            self.left -= 1
            answer.close()
            raise self.error("lost", request=request)
        return answer


def ok(body=DEPLOYMENT, status=200, **headers):
    return status, body, {name.replace("_", "-"): value for name, value in headers.items()}


def problem(code, status, **more):
    return status, {"type": f"urn:deployer:problem:{code}", "title": "Title", "status": status, **more}, {}


def client(*answers, memory=None):
    """The client, and what it asks."""
    app = Scripted(*answers)
    return over(httpx.WSGITransport(app=app), memory=memory), app


def over(transport, *, memory=None, token="a-token-nobody-sees"):
    return HttpDeployer(base_address("https://deployer.example"), token=token, transport=transport, memory=memory or Memory())
