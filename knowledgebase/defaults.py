"""What the knowledge bases cannot do without; called by `setup`, safe to call again."""

from ground.actors import Actor
from knowledgebase.opening import open_shared


def ensure() -> None:
    """The page trees and the shared articles, as far as they are missing; an operator's changes stay."""
    open_shared(by=Actor.system())
