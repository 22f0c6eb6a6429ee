"""The one door to an application: who may give which command, from where, on which condition, and what it calls.

Pages and API both go through `apply_command`; `offered` says what somebody can do next, and why not otherwise.
"""

from onboarding.commands.door import NotAllowed, Offer, Refused, apply_command, groups_for, narrowing, offered
from onboarding.commands.table import COMMANDS, Command

__all__ = ["COMMANDS", "Command", "NotAllowed", "Offer", "Refused", "apply_command", "groups_for", "narrowing", "offered"]
