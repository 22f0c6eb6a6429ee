"""Who may do what with a draft in Wagtail: operators edit and publish; nobody adds or deletes one, `setup` and a new form make them."""

from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy

from ground.actors import Actor
from onboarding.access import EDIT_FORMS
from onboarding.drafting import MAY


class OperatorsEdit(ModelPermissionPolicy):
    """The right of our own table and Django's permission, both."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in MAY and EDIT_FORMS.is_held_by(Actor.person(user)) and super().user_has_permission(user, action)
