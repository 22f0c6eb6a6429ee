"""Who gets through to GitHub's doorbell: nobody, but by a signature."""

from tests.access.routes import NOBODY, Route

ROUTES: list[Route] = [
    Route("hubs:github_callback", NOBODY, method="post", api=True),
]
