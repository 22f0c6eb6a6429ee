"""GitHub's issues, upon the connection of `ground.github`: a thin typed client that knows no model. Source: docs.github.com/rest/issues."""

from support.github.client import GitHub
from support.github.shapes import Issue, Page

__all__ = ["GitHub", "Issue", "Page"]
