"""What is broken for several communities at once: one incident, one text, told to each in its language and to none of another."""

from support.incidents.declaring import Declaration, attach, declare, detach, rescope
from support.incidents.duties import add_follow_up, finish_follow_up, give_role, reopen_follow_up
from support.incidents.reading import Told, about_hub, open_for
from support.incidents.scope import affected, named_in
from support.incidents.timeline import as_markdown, note
from support.incidents.updating import say

__all__ = [
    "Declaration",
    "Told",
    "about_hub",
    "add_follow_up",
    "affected",
    "as_markdown",
    "attach",
    "declare",
    "detach",
    "finish_follow_up",
    "give_role",
    "named_in",
    "note",
    "open_for",
    "reopen_follow_up",
    "rescope",
    "say",
]
