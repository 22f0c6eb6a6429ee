"""What `manage.py check` says of the hubs' settings."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from hubs import choosing


@register()
def deployer_is_known(**_kwargs: Any) -> list[CheckMessage]:
    """DEPLOYER_URL names a deployer that we can work with."""
    problem = choosing.problem()
    return [Error(problem, id="hubs.E001")] if problem else []
