"""GitHub's REST API, version 2022-11-28: a connection that knows what answers mean and who we are. Knows no issue, no pull request, no model."""

from ground.github.answers import Throttled
from ground.github.connection import Connection
from ground.github.signing import AppTokens, FixedToken, Tokens

__all__ = ["AppTokens", "Connection", "FixedToken", "Throttled", "Tokens"]
