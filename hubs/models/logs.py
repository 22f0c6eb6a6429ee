"""What steps of deployments said, as last fetched."""

from django.db import models

from ground.outbox import Waiting
from hubs.models.requests import HubRequest

LONGEST = 200_000
"""Characters kept of a log: its end, where the reason is."""


class StepLog(Waiting):
    """The log of one step of a request's deployment, for engineers; a row that waits is one to be fetched."""

    request = models.ForeignKey(HubRequest, on_delete=models.CASCADE, related_name="step_logs")
    step = models.CharField(max_length=80)
    text = models.TextField(blank=True)
    is_cut = models.BooleanField(default=False)
    fetched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["request", "step"], name="step_log_once_a_step")]
        indexes = [models.Index(fields=["next_attempt_at"], name="step_log_due", condition=models.Q(next_attempt_at__isnull=False))]

    def __str__(self) -> str:
        return f"{self.request_id} {self.step}"

    @property
    def is_awaited(self) -> bool:
        """Somebody asked for it, and it is on its way."""
        return self.next_attempt_at is not None
