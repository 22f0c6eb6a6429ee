"""What the knowledge bases cannot do without; called by `setup`, safe to call again."""

from ground.actors import Actor
from knowledgebase import kept_pages, publishing, searching
from knowledgebase.opening import open_shared


def ensure() -> None:
    """The page trees, the shared articles and the words that mean the same, as far as they are missing; an operator's changes stay.

    What an earlier release published is rendered as this one does, and no page it kept is served any more.
    """
    open_shared(by=Actor.system())
    publishing.publish_again()
    searching.ensure()
    kept_pages.drop_after_commit()
