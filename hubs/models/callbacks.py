"""The callbacks of the deployer already heard."""

from django.db import models


class HeardCallback(models.Model):
    """A callback of the deployer already acted upon; kept while a repetition would still carry a fresh timestamp."""

    webhook_id = models.CharField(max_length=200, unique=True)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.webhook_id
