"""The project's one signal: a deployment failed. Sent once a deployment; support opens a ticket."""

from django.dispatch import Signal

deployment_failed = Signal()
"""Arguments: `request` (the HubRequest, state failed), `reason` (a sentence). Sender: HubRequest."""
