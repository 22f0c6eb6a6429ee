"""Going on by itself: a deployer without machinery of its own takes its next step when it is read, so somebody has to read."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from ground.errors import OutsideError, Rejected
from hubs.deployers.interface import Deployer
from hubs.deployers.serving.ledger import Ledger

logger = logging.getLogger(__name__)
LOOK_AT_HUBS = timedelta(minutes=1)


class Follower:
    """Reads every open deployment, and looks at the hubs once a minute. Of several processes one does it."""

    def __init__(self, deployer: Deployer, ledger: Ledger, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._deployer, self._ledger, self._clock = deployer, ledger, clock

    def follow(self) -> int:
        """Read them all once; how many had news."""
        if not self._ledger.claim("follow", now=self._clock(), lease=timedelta(seconds=self.pause * 0.9)):
            return 0
        return sum(self._read(deployment_id) for deployment_id in self._ledger.open_ids())

    def look_at_hubs(self) -> int:
        """How many hubs have changed since the last look; between two looks a minute passes."""
        now = self._clock()
        if not self._ledger.calls or not self._ledger.claim("hubs", now=now, lease=LOOK_AT_HUBS):
            return 0
        try:
            return self._ledger.keep_hubs(self._deployer.hubs(), now=now)
        except OutsideError as error:
            logger.warning("The hubs could not be looked at: %s", error)
            return 0

    @property
    def pause(self) -> float:
        """Seconds between two rounds, as the deployer wants it."""
        return float(min(max(self._deployer.capabilities().poll_after_seconds, 1), 60))

    def _read(self, deployment_id: str) -> bool:
        try:
            return self._ledger.keep(self._deployer.read(deployment_id), now=self._clock())
        except Rejected as error:
            logger.warning("%s cannot be read any more: %s", deployment_id, error)
        except OutsideError as error:
            logger.info("%s could not be read: %s", deployment_id, error)
        return False
